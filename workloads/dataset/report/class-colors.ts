// Okabe and Ito, "Color Universal Design" (2008): eight colours that people with colour vision deficiencies can tell
// apart; black is left out, because boxes are drawn over dark pictures too.
const COLORS = ['#e69f00', '#56b4e9', '#009e73', '#f0e442', '#0072b2', '#d55e00', '#cc79a7'];

/** The colour of a class: the same for the same place in the model's class list. */
export function classColor(classIndex: number): string {
  return COLORS[classIndex % COLORS.length]!;
}
