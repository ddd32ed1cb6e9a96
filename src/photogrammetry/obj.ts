import type { Mesh } from './mesh.ts';

/** A mesh as Wavefront OBJ, the colours behind the places of its corners as most programs read them. */
export function writeObj({ positions, colours, faces }: Mesh): string {
  const lines: string[] = [];
  for (let point = 0; point < positions.length; point += 3) {
    const place = [0, 1, 2].map((axis) => Number(positions[point + axis]!.toPrecision(7)));
    const colour = colours ? [0, 1, 2].map((channel) => Number((colours[point + channel]! / 255).toFixed(4))) : [];
    lines.push(`v ${[...place, ...colour].join(' ')}`);
  }
  for (let at = 0; at < faces.length; at += 3) {
    lines.push(`f ${faces[at]! + 1} ${faces[at + 1]! + 1} ${faces[at + 2]! + 1}`);
  }
  return `${lines.join('\n')}\n`;
}
