import { Document, WebIO } from '@gltf-transform/core';
import type { Mesh } from './mesh.ts';

/** A mesh as a GLB: one file, its colours at the corners, y up as glTF has it (COLMAP's y points down). */
export async function writeGlb({ positions, colours, faces }: Mesh): Promise<Uint8Array> {
  const document = new Document();
  const buffer = document.createBuffer();
  const turned = Float32Array.from(positions, (value, at) => (at % 3 === 0 ? value : -value));
  const primitive = document
    .createPrimitive()
    .setAttribute('POSITION', document.createAccessor().setType('VEC3').setArray(turned).setBuffer(buffer))
    .setIndices(document.createAccessor().setType('SCALAR').setArray(new Uint32Array(faces)).setBuffer(buffer))
    .setMaterial(document.createMaterial('surface').setMetallicFactor(0).setRoughnessFactor(1).setDoubleSided(true));
  if (colours) {
    const accessor = document.createAccessor().setType('VEC4').setNormalized(true).setBuffer(buffer);
    primitive.setAttribute('COLOR_0', accessor.setArray(linearColours(colours)));
  }
  const mesh = document.createMesh('mesh').addPrimitive(primitive);
  document.createScene('scene').addChild(document.createNode('model').setMesh(mesh));
  return new WebIO().writeBinary(document);
}

/** glTF has the colours of corners in linear light, and four numbers of a byte keep them aligned. */
function linearColours(colours: Uint8Array): Uint8Array<ArrayBuffer> {
  const linear = new Uint8Array((colours.length / 3) * 4);
  for (let point = 0; point < colours.length / 3; point += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      const value = colours[3 * point + channel]! / 255;
      // IEC 61966-2-1, the sRGB transfer function.
      linear[4 * point + channel] = 255 * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4) + 0.5;
    }
    linear[4 * point + 3] = 255;
  }
  return linear;
}
