/**
 * The one-to-one assignment of rows to columns that costs least in all (shortest augmenting paths: Jonker and Volgenant,
 * 1987). @returns the column of each row; -1 where there are more rows than columns and a row is left over.
 */
export function cheapestAssignment(costs: readonly (readonly number[])[]): number[] {
  const rows = costs.length;
  const columns = costs[0]?.length ?? 0;
  if (rows > columns) return transposed(costs, columns);
  // Row and column 0 stand for "none".
  const rowOf = new Array<number>(columns + 1).fill(0);
  const [u, v] = [new Array<number>(rows + 1).fill(0), new Array<number>(columns + 1).fill(0)];
  for (let row = 1; row <= rows; row += 1) {
    const shortest = new Array<number>(columns + 1).fill(Number.POSITIVE_INFINITY);
    const [from, done] = [new Array<number>(columns + 1).fill(0), new Array<boolean>(columns + 1).fill(false)];
    rowOf[0] = row;
    let column = 0;
    do {
      done[column] = true;
      const at = rowOf[column]!;
      let [step, next] = [Number.POSITIVE_INFINITY, 0];
      for (let other = 1; other <= columns; other += 1) {
        if (done[other]) continue;
        const length = costs[at - 1]![other - 1]! - u[at]! - v[other]!;
        if (length < shortest[other]!) [shortest[other], from[other]] = [length, column];
        if (shortest[other]! < step) [step, next] = [shortest[other]!, other];
      }
      for (let other = 0; other <= columns; other += 1) {
        if (done[other]) {
          u[rowOf[other]!]! += step;
          v[other]! -= step;
        } else shortest[other]! -= step;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = from[column]!) rowOf[column] = rowOf[from[column]!]!;
  }
  const columnOf = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= columns; column += 1)
    if (rowOf[column]! > 0) columnOf[rowOf[column]! - 1] = column - 1;
  return columnOf;
}

function transposed(costs: readonly (readonly number[])[], columns: number): number[] {
  const flipped = Array.from({ length: columns }, (_, column) => costs.map((row) => row[column]!));
  const columnOf = new Array<number>(costs.length).fill(-1);
  for (const [column, row] of cheapestAssignment(flipped).entries()) columnOf[row] = column;
  return columnOf;
}
