import { AreaChart } from '@mantine/charts';
import { Group, Stack, Text, Title } from '@mantine/core';
import { ReferenceArea } from 'recharts';
import { hourAndMinute, localTime } from '../format/moment.ts';
import { factoryLabels } from '../labels/factory-labels.ts';
import type { Outage, Point } from './history-series.ts';
import { timeTicks } from './time-ticks.ts';

type Series = { name: keyof Point; label: string; color: string; strokeDasharray?: string };
type Props = {
  title: string;
  series: Series[];
  points: Point[];
  outages: Outage[];
  from: number;
  to: number;
  format: (value: number) => string;
  /** Whole numbers only. */
  isCount?: boolean;
  height?: number;
};

/** Narrower spans have no room for a name. */
const widthForLabel = 0.09;
const shades: Record<Outage['factory'], string> = {
  primary: 'var(--mantine-color-red-6)',
  fallback: 'var(--mantine-color-grape-6)',
};

/** Lines over time with the outages of the factories shaded behind them. Pointing at one chart points at all. */
export function TimeChart({
  title,
  series,
  points,
  outages,
  from,
  to,
  format,
  isCount = false,
  height = 200,
}: Props) {
  return (
    <Stack
      className="card"
      gap="xs"
      component="figure"
      m={0}
      aria-label={describe(title, series, points, format)}
    >
      <Group justify="space-between" gap="xs" component="figcaption">
        <Title order={3}>{title}</Title>
        {series.length > 1 && <Legend series={series} />}
      </Group>
      <AreaChart
        h={height}
        data={points}
        dataKey="at"
        series={series}
        curveType="monotone"
        withDots={false}
        fillOpacity={series.length > 1 ? 0.08 : 0.18}
        strokeWidth={1.8}
        connectNulls={false}
        gridAxis="x"
        tickLine="none"
        valueFormatter={format}
        areaProps={{ isAnimationActive: false }}
        areaChartProps={{ syncId: 'history', syncMethod: 'value' }}
        xAxisProps={{
          type: 'number',
          scale: 'time',
          domain: [from, to],
          allowDataOverflow: true,
          ticks: timeTicks(from, to, height > 200 ? 8 : 5),
          tickFormatter: (at: number) => hourAndMinute(at),
        }}
        yAxisProps={{ width: 44, allowDecimals: !isCount, domain: [0, 'auto'] }}
        tooltipAnimationDuration={0}
        tooltipProps={{
          // Without a point under the pointer there is no label, either.
          labelFormatter: (at) => (typeof at === 'number' ? localTime(at, Date.now()) : ''),
          isAnimationActive: false,
        }}
      >
        {outages.map((outage) => (
          <ReferenceArea
            key={`${outage.factory} ${outage.from}`}
            x1={Math.max(outage.from, from)}
            x2={Math.max(outage.to, outage.from + (to - from) / 400)}
            fill={shades[outage.factory]}
            fillOpacity={0.11}
            ifOverflow="hidden"
            {...(height > 200 &&
              (outage.to - outage.from) / (to - from) > widthForLabel && {
                label: {
                  value: `${factoryLabels[outage.factory].split(' ')[0]} out`,
                  position: outage.factory === 'primary' ? 'insideTopLeft' : 'insideBottomLeft',
                  fontSize: 11,
                  fill: 'var(--quiet-text)',
                },
              })}
          />
        ))}
      </AreaChart>
    </Stack>
  );
}

function Legend({ series }: { series: Series[] }) {
  return (
    <Group gap="md">
      {series.map(({ name, label, color, strokeDasharray }) => (
        <Group key={name} gap={6}>
          <svg width="18" height="4" aria-hidden>
            <line
              x2="18"
              y1="2"
              y2="2"
              stroke={`var(--mantine-color-${color.replace('.', '-')})`}
              strokeWidth="3"
              {...(strokeDasharray !== undefined && { strokeDasharray })}
            />
          </svg>
          <Text size="xs">{label}</Text>
        </Group>
      ))}
    </Group>
  );
}

/** The chart as text: its last and its highest value. */
function describe(
  title: string,
  series: Series[],
  points: Point[],
  format: (value: number) => string,
): string {
  const labels = series.map(({ name, label }) => {
    const values = points.flatMap((point) => point[name] ?? []);
    return `${label}: now ${format(values.at(-1) ?? 0)}, at most ${format(Math.max(0, ...values))}`;
  });
  return `${title}. ${labels.join('. ')}.`;
}
