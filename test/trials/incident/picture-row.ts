import { element, label } from './svg.ts';

/** What a diner got for an order: the pizza in the answer, a ticket that became a pizza, or nothing. */
export type Fare = 'prompt' | 'late' | 'failed';

/** One shop. */
export type Row = {
  key: string;
  name: string;
  /** What became of its orders, in a few words. */
  caption: string;
  /** The orders of each minute. */
  columns: readonly (readonly Fare[])[];
};

type Place = {
  x: (minute: number) => number;
  columnWidth: number;
  /** The most orders of any minute. */
  most: number;
  right: number;
  top: number;
};

const squaresHeight = 96;
const headingHeight = 36;
export const rowHeight = headingHeight + squaresHeight;

/** A column of squares for each minute, on one line at the bottom. */
export function drawRow({ key, name, caption, columns }: Row, place: Place): string {
  const { x, columnWidth, most, right, top } = place;
  const side = Math.min(columnWidth, squaresHeight / most);
  const squares = columns.flatMap((column, minute) =>
    column.map((fare, index) =>
      element('rect', {
        class: fare,
        x: rounded(x(minute) + 1),
        y: rounded(top + rowHeight - (index + 1) * side),
        width: rounded(columnWidth - 2),
        height: rounded(side - 2),
        rx: 2,
      }),
    ),
  );
  return element(
    'g',
    { id: key },
    label(name, { class: 'name', x: x(0), y: top + 22 }),
    label(caption, { class: 'end', x: right, y: top + 22 }),
    ...squares,
  );
}

function rounded(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
