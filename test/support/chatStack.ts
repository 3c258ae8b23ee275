import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { handlers as allHandlers } from "../../local/azure";
import { type CheckClient, type ClientOptions, openClient } from "../../local/check/client";
import type { StackEvent } from "../../local/engine/events";
import type { Handler } from "../../local/engine/handler";
import type { Properties } from "../../local/engine/values";
import { type RunningStack, type RunOptions, runStack } from "../../local/run";

const ROOT = resolve(__dirname, "../..");

/** What becomes of one resource's inputs on their way to being made real; undefined leaves the resource unmade. */
export interface Cut {
    /** End of the resource type, such as `webpubsub:WebPubSubHub`. */
    type: string;
    /** Only resources whose inputs have this; all of the type by default. */
    where?(inputs: Properties): boolean;
    change(inputs: Properties): Properties | undefined;
}

export interface ChatStack {
    running: RunningStack;
    /** Everything that was said: steps, messages, outputs. */
    events: StackEvent[];
    /** All messages so far, one a line. */
    said(): string;
    /** Resolves once a message like this was, or is, said. */
    hears(pattern: RegExp): Promise<string>;
    /** A real client that has negotiated and opened its connection. */
    join(o: Partial<ClientOptions> & { name: string }): Promise<CheckClient>;
}

export interface ChatBench {
    folder: string;
    events: StackEvent[];
    said(): string;
    start(o?: Partial<RunOptions> & { cut?: Cut }): Promise<ChatStack>;
    close(): Promise<void>;
}

function wrap(handler: Handler, cut: Cut): Handler {
    if (!handler.token.endsWith(cut.type)) return handler;
    const cutInputs = (inputs: Properties) => ((cut.where?.(inputs) ?? true) ? cut.change(inputs) : inputs);
    return {
        ...handler,
        async create(request) {
            const inputs = cutInputs(request.inputs);
            if (inputs !== undefined) return handler.create({ ...request, inputs });
            return { id: "/cut", outputs: {} };
        },
    };
}

/** A place for one chat stack, run by the very code of `npm start`. */
export function createChatBench(): ChatBench {
    const folder = mkdtempSync(join(tmpdir(), "chat-stack-"));
    const events: StackEvent[] = [];
    const listeners = new Set<() => void>();
    const stacks: RunningStack[] = [];
    const clients: CheckClient[] = [];
    const said = () => events.flatMap((event) => (event.kind === "message" ? [event.text] : [])).join("\n");

    function hears(pattern: RegExp): Promise<string> {
        return new Promise((found, fail) => {
            const timer = setTimeout(() => {
                listeners.delete(look);
                fail(new Error(`nothing like ${pattern} was said, only:\n${said()}`));
            }, 15_000);
            const look = () => {
                const match = pattern.exec(said());
                if (match === null) return;
                clearTimeout(timer);
                listeners.delete(look);
                found(match[0]);
            };
            listeners.add(look);
            look();
        });
    }

    return {
        folder,
        events,
        said,
        async start({ cut, ...o } = {}) {
            const running = await runStack({
                projectDir: ROOT,
                stack: "local",
                folder,
                ...(cut && { handlers: allHandlers.map((handler) => wrap(handler, cut)) }),
                ...o,
                on(event) {
                    events.push(event);
                    for (const look of listeners) look();
                },
            });
            stacks.push(running);
            return {
                running,
                events,
                said,
                hears,
                async join(options) {
                    const client = await openClient({
                        negotiateUrl: String(running.outputs.negotiateUrl),
                        transports: ["websocket"],
                        milliseconds: 10_000,
                        onSeen: () => {},
                        ...options,
                    });
                    clients.push(client);
                    return client;
                },
            };
        },
        async close() {
            for (const client of clients) client.close();
            for (const stack of stacks) await stack.close();
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
