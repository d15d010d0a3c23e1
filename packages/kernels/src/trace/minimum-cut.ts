/** Something that can be kept, at a price, or be made of what it is made of. */
export interface CutNode {
  readonly price: number;
  /** What it is made of, by index. */
  readonly from: readonly number[];
  /** Whether it comes from outside: it cannot be made, only kept. */
  readonly source: boolean;
}

/** Room for flow from one side of a node to another, and back. */
interface Arc {
  readonly to: number;
  room: number;
  readonly back: Arc;
}

/** A path with room from `start` to `end`, found breadth first; undefined when there is none. */
function pathWithRoom(arcs: readonly (readonly Arc[])[], start: number, end: number): Arc[] | undefined {
  const by = new Map<number, Arc | undefined>([[start, undefined]]);
  for (const place of by.keys()) {
    for (const arc of arcs[place]) if (arc.room > 0 && !by.has(arc.to)) by.set(arc.to, arc);
    if (by.has(end)) break;
  }
  const path: Arc[] = [];
  for (let arc = by.get(end); arc; arc = by.get(arc.back.to)) path.push(arc);
  return path.length > 0 ? path : undefined;
}

/**
 * The cheapest nodes to keep so that all that is wanted can be made of them without anything else from a source: a minimum
 * vertex cut, by Ford and Fulkerson's theorem the bottleneck of a maximal flow (L. R. Ford and D. R. Fulkerson, Maximal flow
 * through a network, 1956). Of several the one nearest to what is wanted, which leaves least to make.
 *
 * @param wanted by index
 */
export function minimumCut(nodes: readonly CutNode[], wanted: readonly number[]): number[] {
  const [start, end] = [2 * nodes.length, 2 * nodes.length + 1];
  const [entry, exit] = [(node: number) => 2 * node, (node: number) => 2 * node + 1];
  const arcs: Arc[][] = Array.from({ length: end + 1 }, () => []);
  const connect = (from: number, to: number, room: number) => {
    const there: { to: number; room: number; back?: Arc } = { to, room };
    const back: Arc = { to: from, room: 0, back: there as Arc };
    there.back = back;
    arcs[from].push(there as Arc);
    arcs[to].push(back);
  };
  nodes.forEach(({ price, from, source }, node) => {
    connect(entry(node), exit(node), price);
    if (source) connect(start, entry(node), Number.POSITIVE_INFINITY);
    else for (const other of from) connect(exit(other), entry(node), Number.POSITIVE_INFINITY);
  });
  for (const node of wanted) connect(exit(node), end, Number.POSITIVE_INFINITY);
  for (let path = pathWithRoom(arcs, start, end); path; path = pathWithRoom(arcs, start, end)) {
    const flow = Math.min(...path.map(({ room }) => room));
    for (const arc of path) {
      arc.room -= flow;
      arc.back.room += flow;
    }
  }
  // What could still reach the end lies behind the cut.
  const behind = new Set([end]);
  for (const place of behind) for (const { to, back } of arcs[place]) if (back.room > 0) behind.add(to);
  return nodes.flatMap((_, node) => (behind.has(exit(node)) && !behind.has(entry(node)) ? [node] : []));
}
