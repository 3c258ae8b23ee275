/** A resource that a program registered. */
export interface GraphResource {
    urn: string;
    type: string;
    name: string;
    custom: boolean;
    parent?: string;
    /** URNs of the resources that this one waits for. */
    dependencies: string[];
}

export interface GraphPageOptions {
    resources: GraphResource[];
    /** The stack that ran. */
    stack: string;
}

const shortType = (type: string) => type.split(":").at(-1) ?? type;

/** A page with a picture of the resources of one run: components are frames, dependencies are arrows. */
export function graphPage({ resources, stack }: GraphPageOptions): string {
    // Sorted, because a program registers independent resources in a different order in each run.
    const made = resources
        .filter(({ type }) => type !== "pulumi:pulumi:Stack")
        .sort((one, other) => (one.urn < other.urn ? -1 : 1));
    const ids = new Map(made.map(({ urn }, index) => [urn, `r${index}`]));
    const custom = made.filter((one) => one.custom);
    const known = new Set(custom.map(({ urn }) => urn));
    const waits = new Map(custom.map((one) => [one.urn, new Set(one.dependencies.filter((urn) => known.has(urn)))]));
    const roots = made.filter(({ parent }) => parent === undefined || !ids.has(parent));
    const arrows = custom.flatMap(({ urn }) =>
        shortest({ urn, waits }).map((before) => `    ${ids.get(before)} --> ${ids.get(urn)}`),
    );
    return [
        "# The resources of one run",
        "",
        "<!-- Written by `npm run docs` from a run of the program. -->",
        "",
        `The ${custom.length} resources of the stack \`${stack}\`, recorded while its program ran. A frame is a component. An arrow`,
        "leads from a resource to one that waits for it. Arrows that follow from other arrows are left out. The longest",
        `chain is ${depth(waits)} resources.`,
        "",
        "```mermaid",
        "flowchart LR",
        ...roots.flatMap((one) => frame({ one, made, ids, indent: "    " })),
        ...arrows,
        "```",
        "",
    ].join("\n");
}

function frame(options: {
    one: GraphResource;
    made: GraphResource[];
    ids: Map<string, string>;
    indent: string;
}): string[] {
    const { one, made, ids, indent } = options;
    const label = `"${shortType(one.type)}<br/>${one.name}"`;
    const children = made.filter(({ parent }) => parent === one.urn);
    if (one.custom || children.length === 0) {
        return [
            `${indent}${ids.get(one.urn)}[${label}]`,
            ...children.flatMap((child) => frame({ ...options, one: child })),
        ];
    }
    return [
        `${indent}subgraph ${ids.get(one.urn)} [${label}]`,
        ...children.flatMap((child) => frame({ ...options, one: child, indent: `${indent}    ` })),
        `${indent}end`,
    ];
}

type Waits = Map<string, Set<string>>;

/** The dependencies of a resource, without those that another of its dependencies already waits for. */
function shortest({ urn, waits }: { urn: string; waits: Waits }): string[] {
    const own = [...(waits.get(urn) ?? [])];
    return own.filter(
        (before) => !own.some((other) => other !== before && reaches({ from: other, to: before, waits })),
    );
}

function reaches(options: { from: string; to: string; waits: Waits }): boolean {
    const next = options.waits.get(options.from) ?? new Set();
    return next.has(options.to) || [...next].some((from) => reaches({ ...options, from }));
}

function depth(waits: Waits): number {
    const known = new Map<string, number>();
    const of = (urn: string): number => {
        const found = known.get(urn) ?? 1 + Math.max(0, ...[...(waits.get(urn) ?? [])].map(of));
        known.set(urn, found);
        return found;
    };
    return Math.max(0, ...[...waits.keys()].map(of));
}
