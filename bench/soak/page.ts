import type { SoakResult } from "./soak";

const titles = { socketio: "Web PubSub for Socket.IO", webpubsub: "Web PubSub", signalr: "SignalR" };
const number = (value: number) => Math.round(value).toLocaleString("en");

const lines: [title: string, value: (result: SoakResult) => string][] = [
    ["events sent to the handler", ({ events }) => number(events)],
    ["answered", ({ answered }) => number(answered)],
    ["failed while the handler was away, and the client was told", ({ refused }) => number(refused)],
    ["unanswered while the handler was away, named in the log", ({ unanswered }) => number(unanswered)],
    ["broadcasts / deliveries", ({ broadcasts, delivered }) => `${number(broadcasts)} / ${number(delivered)}`],
    ["**lost**", ({ lost }) => number(lost)],
    ["**came twice**", ({ double }) => number(double)],
    ["reconnects in storms", ({ reconnects }) => number(reconnects)],
    ["slow readers dropped", ({ dropped: { were, of } }) => `${were} of ${of}`],
    [
        "memory at first / at the end / most, MB",
        ({ memory: m }) => `${number(m.first)} / ${number(m.last)} / ${number(m.most)}`,
    ],
    ["event loop delay, 99th percentile / longest, ms", ({ delay }) => `${number(delay.p99)} / ${number(delay.max)}`],
];

/** A Markdown table with a column for each service. */
export function renderTable(results: readonly SoakResult[]): string[] {
    const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
    return [
        row(["", ...results.map(({ name }) => titles[name])]),
        row(["---", ...results.map(() => "---:")]),
        ...lines.map(([title, value]) => row([title, ...results.map(value)])),
    ];
}

export function renderPage(run: {
    results: readonly SoakResult[];
    minutes: number;
    idle: number;
    active: number;
    date: Date;
}): string {
    return `# Under load for long

\`npm run soak -- --minutes ${run.minutes} --write\` wrote this page on ${run.date.toISOString().slice(0, 10)}, on two shared cores with Node ${process.version}.
Each service ran for ${run.minutes} minutes with ${number(run.idle)} clients that only listen and ${number(run.active)} that send an event each second. A broadcast
goes to all of them each second. In turns

- a fifth of the clients is cut and comes back at once, three times;
- five clients in a hub of their own stop reading, while 60 MB are sent to each;
- the handler of the events is away for 15 seconds.

The run fails when anything is lost or comes twice. An event that was sent while the handler was away may fail, but never in silence.

${renderTable(run.results).join("\n")}
`;
}
