import { html, nothing, svg, type TemplateResult } from 'lit';

/** A box over a picture, in the picture's own pixels. */
export interface DrawnBox {
  bbox: [number, number, number, number];
  label: string;
  color: string;
}

export interface BoxedPicture {
  src: string;
  alt: string;
  width: number;
  height: number;
  boxes: DrawnBox[];
  isLazy?: boolean;
}

/** A picture with its boxes drawn over it, at whatever size it is shown. */
export function boxedPicture({ src, alt, width, height, boxes, isLazy = false }: BoxedPicture): TemplateResult {
  const stroke = Math.max(width, height) / 320;
  const size = Math.max(width, height) / 45;
  const drawn = boxes.map(({ bbox: [x, y, w, h], label, color }) => {
    const above = y > size * 1.4 ? y - size * 0.35 : y + size;
    const name =
      label === ''
        ? nothing
        : svg`<text x=${x} y=${above} font-size=${size} fill=${color} stroke-width=${size / 6}>${label}</text>`;
    return svg`<rect x=${x} y=${y} width=${w} height=${h} stroke=${color} stroke-width=${stroke}></rect>${name}`;
  });
  return html`<span class="boxed"><img src=${src} alt=${alt} width=${width} height=${height} loading=${isLazy ? 'lazy' : 'eager'}>
    <svg viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">${drawn}</svg></span>`;
}
