import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { handlers as allHandlers } from "../../local/azure";
import type { InboxOptions } from "../../local/check/inbox";
import * as signalR from "../../local/check/signalr/client";
import * as socketIO from "../../local/check/socketio/client";
import * as webPubSub from "../../local/check/webpubsub/client";
import type { StackEvent } from "../../local/engine/events";
import type { Handler } from "../../local/engine/handler";
import type { Properties } from "../../local/engine/values";
import { type RunningStack, type RunOptions, runStack } from "../../local/run";
import { outputLines } from "../../local/ui/outputs";
import { plainListener } from "../../local/ui/plain";
import { startProgramHere } from "./programHere";
import { requireNoSecrets } from "./secrets";

const root = resolve(__dirname, "../..");

/** Changes the inputs of one resource before it is created. Where `change` returns undefined, the resource is not created. */
export interface Cut {
    /** End of the resource type, such as `webpubsub:WebPubSubHub`. */
    type: string;
    /** Selects resources by their inputs. Defaults to all of the type. */
    where?(inputs: Properties): boolean;
    change(inputs: Properties): Properties | undefined;
}

/** One of the chats, with the real client for its service. */
export interface ChatKind<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }> {
    stack: string;
    open(options: O): Promise<C>;
}

export const socketIOChat: ChatKind<socketIO.CheckClient, socketIO.ClientOptions> = {
    stack: "local",
    open: (options) => socketIO.openClient({ transports: ["websocket"], ...options }),
};
export const webPubSubChat: ChatKind<webPubSub.CheckClient, webPubSub.ClientOptions> = {
    stack: "local-webpubsub",
    open: webPubSub.openClient,
};
export const signalRChat: ChatKind<signalR.CheckClient, signalR.ClientOptions> = {
    stack: "local-signalr",
    open: signalR.openClient,
};

export interface ChatStack<C = socketIO.CheckClient, O = socketIO.ClientOptions> {
    running: RunningStack;
    /** All events so far: steps, messages, outputs. */
    events: StackEvent[];
    /** All messages so far, one per line. */
    said(): string;
    /** Resolves with the first message, past or future, that matches. */
    hears(pattern: RegExp): Promise<string>;
    /** Connects a real client through negotiate. */
    join(options: Partial<O> & { name: string }): Promise<C>;
}

export interface ChatBench<C = socketIO.CheckClient, O = socketIO.ClientOptions> {
    folder: string;
    events: StackEvent[];
    said(): string;
    start(options?: Partial<RunOptions> & { cut?: Cut }): Promise<ChatStack<C, O>>;
    close(): Promise<void>;
}

function wrap(handler: Handler, cut: Cut): Handler {
    if (!handler.token.endsWith(cut.type)) {
        return handler;
    }
    const cutInputs = (inputs: Properties) => ((cut.where?.(inputs) ?? true) ? cut.change(inputs) : inputs);
    return {
        ...handler,
        async create(request) {
            const inputs = cutInputs(request.inputs);
            if (inputs !== undefined) {
                return handler.create({ ...request, inputs });
            }
            return { id: "/cut", outputs: {} };
        },
    };
}

/** A folder and emulator for one Socket.IO chat stack, which the code of `npm start` runs. */
export const createChatBench = (): ChatBench => createBench(socketIOChat);

/** A folder and emulator for one chat stack of any kind. */
export function createBench<C extends { close(): void }, O extends InboxOptions & { negotiateUrl: string }>(
    kind: ChatKind<C, O>,
): ChatBench<C, O> {
    const folder = mkdtempSync(join(tmpdir(), "chat-stack-"));
    const events: StackEvent[] = [];
    const listeners = new Set<() => void>();
    const stacks: RunningStack[] = [];
    const clients: C[] = [];
    const printed: string[] = [];
    const show = plainListener({ print: (line) => void printed.push(line) });
    const said = () =>
        events.flatMap((event) => (event.kind === "message" || event.kind === "log" ? [event.text] : [])).join("\n");

    function hears(pattern: RegExp): Promise<string> {
        return new Promise((found, fail) => {
            const timer = setTimeout(() => {
                listeners.delete(look);
                fail(new Error(`nothing like ${pattern} was said, only:\n${said()}`));
            }, 15_000);
            const look = () => {
                const match = pattern.exec(said());
                if (match === null) {
                    return;
                }
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
                projectDir: root,
                stack: kind.stack,
                folder,
                startProgram: startProgramHere,
                ...(cut && { handlers: allHandlers.map((handler) => wrap(handler, cut)) }),
                ...o,
                on(event) {
                    events.push(event);
                    show(event);
                    for (const look of listeners) {
                        look();
                    }
                },
            });
            stacks.push(running);
            printed.push(...outputLines(running));
            return {
                running,
                events,
                said,
                hears,
                async join(options) {
                    const given = {
                        negotiateUrl: String(running.outputs.negotiateUrl),
                        milliseconds: 10_000,
                        onSeen: () => {},
                        ...options,
                    };
                    // `given` holds the options that every kind requires. All other options are optional in every kind.
                    const client = await kind.open(given as unknown as O);
                    clients.push(client);
                    return client;
                },
            };
        },
        async close() {
            for (const client of clients) {
                client.close();
            }
            for (const stack of stacks) {
                await stack.close();
            }
            // Every run through a bench ends here, so that none prints a secret unnoticed.
            if (stacks.length > 0) {
                requireNoSecrets({ folder, output: printed.join("\n") });
            }
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
