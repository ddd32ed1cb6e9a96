import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import { took } from '../format.ts';
import { type Graph, type GraphEdge, type GraphNode, layOut, type Machine } from './graph-layout.ts';
import { outcomeName, type StateRun } from './job-states.ts';

const [WIDTH, HEIGHT, GAP_X, GAP_Y] = [210, 46, 30, 20];
const SIDE = 46;
// A choice does no work: it is a small sign on the way.
const CHOICE_WIDTH = 150;

/** The state machine of a job, drawn from its ASL, each state coloured by how it went. */
export function stateGraph(machine: Machine, runs: Map<string, StateRun>): TemplateResult {
  const graph = reached(layOut(machine), runs);
  const width = graph.columns * (WIDTH + GAP_X) + SIDE;
  const height = graph.ranks * (HEIGHT + GAP_Y) - GAP_Y + 4;
  const places = new Map(graph.nodes.map((node) => [node.name, node]));
  const label = `State machine: ${graph.nodes.map(({ name }) => `${name} ${outcomeName(runOf(runs, name))}`).join(', ')}`;
  return html`<svg class="graph" viewBox=${`0 0 ${width} ${height}`} role="img" aria-label=${label} width=${width} height=${height}>
    <defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0l8 4-8 4z"></path></marker></defs>
    ${graph.edges.map((edge, index) => edgeLine(edge, places, index))}
    ${graph.nodes.map((node) => nodeBox(node, runOf(runs, node.name)))}
  </svg>`;
}

/** Ends that a job did not come to, as a refusal, would only hide how it goes. */
function reached(graph: Graph, runs: Map<string, StateRun>): Graph {
  const main = new Set(graph.edges.filter(({ isCatch }) => !isCatch).map(({ to }) => to));
  const isShown = ({ name, rank }: GraphNode) => rank === 0 || main.has(name) || runs.has(name);
  const nodes = graph.nodes.filter(isShown);
  const shown = new Set(nodes.map(({ name }) => name));
  const edges = graph.edges.filter(({ from, to, isCatch }) => {
    const isThere = shown.has(from) && shown.has(to);
    return isThere && (!isCatch || runs.get(from)?.outcome === 'caught');
  });
  const columns = Math.max(1, ...nodes.map(({ column }) => column + 1));
  return { nodes, edges, columns, ranks: Math.max(0, ...nodes.map(({ rank }) => rank)) + 1 };
}

function runOf(runs: Map<string, StateRun>, name: string): StateRun {
  return runs.get(name) ?? { outcome: 'idle', begun: 0, done: 0, retries: 0 };
}

function topLeft({ rank, column }: GraphNode): { x: number; y: number } {
  return { x: 2 + column * (WIDTH + GAP_X), y: 2 + rank * (HEIGHT + GAP_Y) };
}

function nodeBox(node: GraphNode, run: StateRun): SVGTemplateResult {
  const { x, y } = topLeft(node);
  const isChoice = node.type === 'Choice';
  const [width, left] = isChoice ? [CHOICE_WIDTH, x + (WIDTH - CHOICE_WIDTH) / 2] : [WIDTH, x];
  const [height, top] = isChoice ? [HEIGHT - 18, y + 9] : [HEIGHT, y];
  const line = isChoice ? '' : factsOf(run);
  const stack =
    node.inside === undefined
      ? nothing
      : svg`<rect class="behind" x=${left + 4} y=${top + 4} width=${width} height=${height} rx="8"></rect>`;
  return svg`<g class=${`state ${run.outcome} ${isChoice ? 'choice' : ''}`}>
    <title>${node.name}: ${outcomeName(run)}${node.comment ? `. ${node.comment}` : ''}</title>
    ${stack}
    <rect x=${left} y=${top} width=${width} height=${height} rx=${isChoice ? height / 2 : 8}></rect>
    <text class="name" x=${left + width / 2} y=${top + (line === '' ? height / 2 + 4 : 19)}>${node.name}</text>
    ${line === '' ? nothing : svg`<text class="facts" x=${left + width / 2} y=${top + 36}>${line}</text>`}
  </g>`;
}

/** "3 of 4 · 12 s · 1 retry" */
export function factsOf(run: StateRun): string {
  const { outcome, begun, done, retries, startedAt, endedAt, waiting } = run;
  if (outcome === 'idle') return '';
  if (outcome === 'reused' && begun === 0) return 'reused from another job';
  if (waiting !== undefined) return waiting.length > 34 ? `${waiting.slice(0, 33)}…` : waiting;
  const shards = begun > 1 ? `${done} of ${begun} · ` : '';
  const time =
    startedAt === undefined ? '' : took(startedAt, outcome === 'running' ? undefined : (endedAt ?? startedAt));
  const again = retries === 0 ? '' : ` · ${retries} ${retries === 1 ? 'retry' : 'retries'}`;
  return `${outcomeName(run)} · ${shards}${time}${again}`;
}

function edgeLine({ from, to, isCatch }: GraphEdge, places: Map<string, GraphNode>, index: number): SVGTemplateResult {
  const [source, target] = [places.get(from)!, places.get(to)!];
  const [start, end] = [topLeft(source), topLeft(target)];
  const inset = ({ type }: GraphNode) => (type === 'Choice' ? 9 : 0);
  const middle = WIDTH / 2;
  if (target.rank === source.rank + 1) {
    const [x1, y1] = [start.x + middle, start.y + HEIGHT - inset(source)];
    const [x2, y2] = [end.x + middle, end.y + inset(target)];
    const half = (y1 + y2) / 2;
    return edgePath(`M${x1} ${y1}C${x1} ${half} ${x2} ${half} ${x2} ${y2 - 1}`, isCatch);
  }
  // Past what stands between: around it on the right.
  const indent = ({ type }: GraphNode) => (type === 'Choice' ? (WIDTH - CHOICE_WIDTH) / 2 : 0);
  const [x1, y1] = [start.x + WIDTH - indent(source), start.y + HEIGHT / 2];
  const [x2, y2] = [end.x + WIDTH - indent(target), end.y + HEIGHT / 2];
  const out = Math.max(start.x, end.x) + WIDTH + 14 + (index % 4) * 8;
  return edgePath(
    `M${x1} ${y1}C${out} ${y1} ${out} ${y1} ${out} ${y1 + 20}L${out} ${y2 - 20}C${out} ${y2} ${out} ${y2} ${x2 + 1} ${y2}`,
    isCatch,
  );
}

function edgePath(path: string, isCatch: boolean): SVGTemplateResult {
  return svg`<path class=${isCatch ? 'edge catch' : 'edge'} d=${path} marker-end="url(#arrow)"></path>`;
}
