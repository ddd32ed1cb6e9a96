import { readFile } from '../api.ts';
import type { ResultFile } from '../api-types.ts';

export interface CocoBox {
  /** x, y, width, height in pixels of the picture. */
  bbox: [number, number, number, number];
  category: string;
  color: string;
  score?: number;
}

export interface CocoImage {
  fileName: string;
  width: number;
  height: number;
  /** In the video that it was taken from. */
  seconds?: number;
  boxes: CocoBox[];
}

export interface Coco {
  categories: { name: string; color: string; count: number }[];
  images: CocoImage[];
}

interface Document {
  images?: { id: number; file_name: string; width: number; height: number; seconds?: number }[];
  annotations?: { image_id: number; category_id: number; bbox?: CocoBox['bbox']; score?: number }[];
  categories?: { id: number; name: string }[];
}

// Told apart by who sees few colours, too (Okabe and Ito, 2008).
const COLORS = ['#e69f00', '#56b4e9', '#2bc48a', '#f0e442', '#4f8ff7', '#ff7f2a', '#e58fc0', '#ffffff'];

/** The annotations of a result, by picture. @throws ApiFailure for a file that is gone or too large to hold. */
export async function readCoco({ href }: ResultFile): Promise<Coco> {
  return parseCoco((await (await readFile(href!)).json()) as Document);
}

export function parseCoco({ images = [], annotations = [], categories = [] }: Document): Coco {
  const known = new Map(
    categories.map(({ id, name }, index) => [id, { name, color: COLORS[index % COLORS.length]!, count: 0 }]),
  );
  const byImage = Map.groupBy(annotations, ({ image_id }) => image_id);
  const shown = images.map(({ id, file_name, width, height, seconds }) => {
    const boxes = (byImage.get(id) ?? []).flatMap(({ bbox, category_id, score }) => {
      const category = known.get(category_id) ?? { name: `category ${category_id}`, color: COLORS[7]!, count: 0 };
      category.count += 1;
      return bbox
        ? [{ bbox, category: category.name, color: category.color, ...(score === undefined ? {} : { score }) }]
        : [];
    });
    return { fileName: file_name, width, height, ...(seconds === undefined ? {} : { seconds }), boxes };
  });
  return { categories: [...known.values()], images: shown };
}
