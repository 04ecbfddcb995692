type Attributes = Readonly<Record<string, string | number>>;

/** An SVG element. @param children elements: text only through `label` and `titleOf`, which escape it */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

export function label(content: string, attributes: Attributes): string {
  return element('text', attributes, escapeText(content));
}

/** What readers of the screen, and a pointer that rests on the picture, are told. */
export function titleOf(content: string): string {
  return element('title', {}, escapeText(content));
}

type Point = readonly [x: number, y: number];

/** The area between two lines that have their points at the same x, in the same order. */
export function area(upper: readonly Point[], lower: readonly Point[], attributes: Attributes): string {
  return element('path', { ...attributes, d: `${lineThrough([...upper, ...lower.toReversed()])}Z` });
}

export function line(points: readonly Point[], attributes: Attributes): string {
  return element('path', { ...attributes, d: lineThrough(points) });
}

function lineThrough(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${rounded(x)} ${rounded(y)}`).join('');
}

function rounded(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
