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

function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
