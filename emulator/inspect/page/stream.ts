import { messageOf } from "./dom";
import type { Action, InspectEvent, InspectMessage } from "./types";

export type Link = { state: "live" } | { state: "waiting"; text: string } | { state: "ended"; text: string };

const longestWait = 10_000;
const token = new URLSearchParams(location.search).get("token") ?? "";

const ended = "This inspector has ended, or has another address. Open the address that the terminal prints.";

class Refused extends Error {}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } });
    if (response.status === 401 || response.status === 403) {
        throw new Refused(ended);
    }
    return response;
}

/** Carries out an action. Throws the server's error. */
export async function act(action: Action): Promise<unknown> {
    const response = await request("/api/act", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(action),
    });
    const answer = (await response.json().catch(() => ({}))) as { error?: string; result?: unknown };
    if (!response.ok) {
        throw new Error(answer.error ?? `The inspector answered ${response.status}.`);
    }
    return answer.result;
}

export async function readSecret(resource: string, setting: string): Promise<string> {
    const response = await request(`/api/secret?${new URLSearchParams({ resource, setting })}`);
    const answer = (await response.json().catch(() => ({}))) as { error?: string; value?: string };
    if (!response.ok || answer.value === undefined) {
        throw new Error(answer.error ?? `The inspector answered ${response.status}.`);
    }
    return answer.value;
}

/** Reads the stream of messages for as long as the inspector runs, and goes on after the last event when it broke. */
export async function follow(options: {
    lastId(): number;
    receive(messages: InspectMessage[]): void;
    onLink(link: Link): void;
}): Promise<void> {
    for (let failures = 0; ; ) {
        try {
            const response = await request(`/api/events?after=${options.lastId()}`);
            if (!response.ok || response.body === null) {
                throw new Error(`The inspector answered ${response.status}.`);
            }
            failures = 0;
            options.onLink({ state: "live" });
            await readLines(response.body, options.receive);
            throw new Error("The stream ended.");
        } catch (error) {
            if (error instanceof Refused) {
                options.onLink({ state: "ended", text: error.message });
                return;
            }
            const wait = Math.min(longestWait, 500 * 2 ** failures++);
            options.onLink({ state: "waiting", text: `${messageOf(error)} Trying again in ${wait / 1000} s.` });
            await new Promise((resolve) => setTimeout(resolve, wait));
        }
    }
}

async function readLines(
    body: ReadableStream<Uint8Array>,
    receive: (messages: InspectMessage[]) => void,
): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    for (;;) {
        const { done, value } = await reader.read();
        if (done) {
            return;
        }
        const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        const messages = lines.filter(Boolean).map((line) => JSON.parse(line) as InspectMessage);
        if (messages.length > 0) {
            receive(messages);
        }
    }
}

/** Saves events as a file, in the form of GET /api/export. */
export function save(events: readonly InspectEvent[]): void {
    const blob = new Blob([JSON.stringify({ version: 1, events }, null, 1)], { type: "application/json" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `inspector-${new Date().toISOString().replace(/[:.]/g, "-")}.json`;
    link.click();
    URL.revokeObjectURL(link.href);
}
