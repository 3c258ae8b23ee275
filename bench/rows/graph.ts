import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { defaultRoleDelaySeconds } from "../../components/shared/roles";
import { toOperations } from "../graph/operations";
import { drawChain } from "../graph/picture";
import { longestChain, schedule } from "../graph/schedule";
import { vendorOrder } from "../graph/vendorOrder";
import { measureProgram } from "../program/measure";
import { copyApp, readStack } from "../program/stack";
import { describePairs } from "../runner/statistics";
import type { Context, Result, Row } from "../runner/types";

/** Default of the CLI's `up`: four resource operations per processor at a time, here on a machine with four processors. */
const pulumiDefault = 16;

interface Case {
    stack: string;
    changes: Record<string, string>;
    app: string;
    service: string;
}

const webPubSub = "azure-native:webpubsub:WebPubSub";
const socketIo = { app: "socketio-chat", service: webPubSub };
const all: readonly Case[] = [
    { stack: "dev", changes: {}, ...socketIo },
    { stack: "staging", changes: {}, ...socketIo },
    { stack: "prod", changes: {}, ...socketIo },
    { stack: "dev", changes: { keySource: "HostKey" }, ...socketIo },
    { stack: "dev", changes: { keySource: "Discovered" }, ...socketIo },
    { stack: "dev", changes: { backend: "webpubsub" }, app: "webpubsub-chat", service: webPubSub },
    {
        stack: "dev",
        changes: { backend: "signalr" },
        app: "signalr-chat",
        service: "azure-native:signalrservice:SignalR",
    },
];

async function lookAt(
    { folder }: Context,
    one: Case,
): Promise<{ results: Result[]; picture: string; seconds: number }> {
    const codePath = copyApp({ app: one.app, folder: mkdtempSync(join(folder, "graph-")) });
    const { project, config } = readStack({ stack: one.stack, changes: { ...one.changes, codePath } });
    const { recorded } = await measureProgram({ project, stack: one.stack, config, folder: join(codePath, "..") });
    const ours = toOperations(recorded);
    const first = schedule(toOperations(recorded, { roleDelay: defaultRoleDelaySeconds }), {
        atOnce: Number.POSITIVE_INFINITY,
    });
    const reference = vendorOrder(one.service);
    const title = [one.stack, ...Object.values(one.changes)].join(", ");
    const unlimited = { atOnce: Number.POSITIVE_INFINITY };
    const limited = { atOnce: pulumiDefault };
    const [mine, theirs] = [schedule(ours, unlimited), schedule(reference, unlimited)];
    // Ours must be shorter, so equally long misses the aim. With a key from the app, the vendor's order is the only one.
    const aim = one.changes.keySource === undefined ? { atMost: 0.99 } : undefined;
    const line = (what: string, unit: string, pair: readonly [number, number]): Result =>
        describePairs({ what: `${title}: ${what}`, unit, ours: [pair[0]], reference: [pair[1]], aim });
    return {
        results: [
            line("longest chain", "operations", [longestChain(ours), longestChain(reference)]),
            line("all at once", "s", [mine.seconds, theirs.seconds]),
            line(`${pulumiDefault} at a time`, "s", [
                schedule(ours, limited).seconds,
                schedule(reference, limited).seconds,
            ]),
            // The vendor's order does not wait, and its first start may come before its roles are in force.
            {
                ...line("first update, with the wait for roles", "s", [first.seconds, theirs.seconds]),
                aim: undefined,
            },
        ],
        seconds: mine.seconds,
        picture: [
            drawChain({ title, schedule: mine, longest: theirs.seconds }),
            drawChain({ title: "the vendor's order", schedule: theirs, longest: theirs.seconds }),
        ].join("\n"),
    };
}

export const graph: Row = {
    name: "graph",
    title: "Deployment graph, from nothing, by a table of typical durations",
    reference: "template, then publish, then read key, then hub",
    async run(context) {
        // The cases may run at the same time, because their durations come from a table.
        const looked = await Promise.all((context.quick ? all.slice(0, 1) : all).map((one) => lookAt(context, one)));
        return {
            results: looked.flatMap(({ results }) => results),
            // One picture per length, because chains of the same length differ only in names.
            picture: looked
                .filter(({ seconds }, index) => looked.findIndex((one) => one.seconds === seconds) === index)
                .map(({ picture }) => picture)
                .join("\n\n"),
        };
    },
};
