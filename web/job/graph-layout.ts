/** A state machine in Amazon States Language, as far as it is drawn. */
export interface Machine {
  StartAt: string;
  States: Record<string, MachineState>;
}

interface MachineState {
  Type: string;
  Comment?: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string }[];
  ItemProcessor?: Machine;
  Iterator?: Machine;
  Branches?: Machine[];
}

export interface GraphNode {
  name: string;
  type: string;
  comment?: string;
  /** It is done for each item of the Map of this name. */
  inside?: string;
  rank: number;
  column: number;
}

export interface GraphEdge {
  from: string;
  to: string;
  isCatch: boolean;
}

export interface Graph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  ranks: number;
  columns: number;
}

/**
 * Where each state stands: below everything that leads to it, and beside what stands there already. The states of a Map
 * follow it, since they are what it does.
 */
export function layOut(machine: Machine): Graph {
  const states = flatten(machine);
  const edges = states.flatMap(({ name, edges }) => edges.map((edge) => ({ from: name, ...edge })));
  const ranks = ranksOf(
    states.map(({ name }) => name),
    edges,
  );
  const taken = new Map<number, number>();
  const nodes = states.map(({ name, state, inside }) => {
    const rank = ranks.get(name)!;
    const column = taken.get(rank) ?? 0;
    taken.set(rank, column + 1);
    const comment = state.Comment === undefined ? {} : { comment: state.Comment };
    return { name, type: state.Type, ...comment, ...(inside === undefined ? {} : { inside }), rank, column };
  });
  return { nodes, edges, ranks: Math.max(0, ...ranks.values()) + 1, columns: Math.max(1, ...taken.values()) };
}

interface FlatState {
  name: string;
  state: MachineState;
  inside?: string;
  edges: Omit<GraphEdge, 'from'>[];
}

function flatten({ States }: Machine, inside?: string, after?: string): FlatState[] {
  return Object.entries(States).flatMap(([name, state]) => {
    const within = [state.ItemProcessor, state.Iterator, ...(state.Branches ?? [])].filter((one) => one !== undefined);
    // Who leaves a Map has gone through its states.
    const starts = within.map(({ StartAt }) => StartAt);
    const next = state.Next ?? (endsHere(state) ? after : undefined);
    const following =
      within.length > 0 ? starts : [...(state.Choices ?? []).map(({ Next }) => Next), state.Default, next];
    const ways = [...new Set(following.filter((to) => to !== undefined))].map((to) => ({ to, isCatch: false }));
    const catches = [...new Set((state.Catch ?? []).map(({ Next }) => Next))].map((to) => ({ to, isCatch: true }));
    const own: FlatState = { name, state, ...(inside === undefined ? {} : { inside }), edges: [...ways, ...catches] };
    return [own, ...within.flatMap((part) => flatten(part, name, next))];
  });
}

function endsHere({ Type, Choices }: MachineState): boolean {
  return Type !== 'Choice' && Type !== 'Succeed' && Type !== 'Fail' && Choices === undefined;
}

/** The length of the longest way to each state. A way that leads back is not followed. */
function ranksOf(names: string[], edges: GraphEdge[]): Map<string, number> {
  const next = Map.groupBy(edges, ({ from }) => from);
  const order: string[] = [];
  const seen = new Set<string>();
  const back = new Set<GraphEdge>();
  const open = new Set<string>();
  const visit = (name: string): void => {
    seen.add(name);
    open.add(name);
    for (const edge of next.get(name) ?? []) {
      if (open.has(edge.to)) back.add(edge);
      else if (!seen.has(edge.to)) visit(edge.to);
    }
    open.delete(name);
    order.unshift(name);
  };
  for (const name of names) if (!seen.has(name)) visit(name);
  const ranks = new Map(names.map((name) => [name, 0]));
  for (const name of order) {
    for (const edge of next.get(name) ?? []) {
      if (!back.has(edge) && ranks.has(edge.to)) {
        ranks.set(edge.to, Math.max(ranks.get(edge.to)!, ranks.get(name)! + 1));
      }
    }
  }
  return ranks;
}
