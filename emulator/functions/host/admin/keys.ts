import { readBody } from "../../../core/http";
import { type HttpContext, sendJson, sendText } from "../http/context";
import type { KeyScope } from "../keys/keys";
import { parseIfJson } from "../rpc";

const scopes = new Map<string, KeyScope>([
    ["keys", "functionKeys"],
    ["functionkeys", "functionKeys"],
    ["systemkeys", "systemKeys"],
]);

interface KeyOperations {
    list(): Promise<Record<string, string>>;
    set(name: string, value: string | undefined): Promise<{ value: string; created: boolean }>;
    remove(name: string): Promise<boolean>;
}

/** Serves `/admin/host/{systemkeys|functionkeys}[/{name}]` and `/admin/functions/{function}/keys[/{name}]`. False for other paths. */
export async function handleKeys(options: { context: HttpContext; parts: string[] }): Promise<boolean> {
    const { context, parts } = options;
    const { request, response } = context;
    const found = findOperations(options);
    if (found === undefined) {
        return false;
    }
    const { operations, name } = found;
    if (operations === undefined) {
        sendText({ response, status: 404 });
    } else if (request.method === "GET") {
        await read({ context, operations, name, includeMaster: parts[1]?.toLowerCase() === "systemkeys" });
    } else if (name === undefined) {
        sendText({ response, status: 405 });
    } else if (request.method === "POST" || request.method === "PUT") {
        await write({ context, operations, name });
    } else if (request.method === "DELETE") {
        const isMaster = name.toLowerCase() === "_master";
        const status = isMaster ? 400 : (await operations.remove(name)) ? 204 : 404;
        sendText({ response, status, ...(isMaster ? { text: "Cannot delete System Key." } : {}) });
    } else {
        sendText({ response, status: 405 });
    }
    return true;
}

function findOperations({
    context,
    parts,
}: {
    context: HttpContext;
    parts: string[];
}): { operations: KeyOperations | undefined; name: string | undefined } | undefined {
    const [area, second, third, fourth] = parts;
    const keys = context.host.keys();
    const scope = area === "host" ? scopes.get(second?.toLowerCase() ?? "") : undefined;
    if (scope !== undefined && parts.length <= 3) {
        return {
            name: third,
            operations: {
                list: async () => (await keys.host())[scope],
                set: (name, value) =>
                    name.toLowerCase() === "_master"
                        ? keys.setMaster(value)
                        : keys.set({ scope, name, ...(value === undefined ? {} : { value }) }),
                remove: (name) => keys.remove({ scope, name }),
            },
        };
    }
    if (area === "functions" && second !== undefined && third?.toLowerCase() === "keys" && parts.length <= 4) {
        const fn = context.host.functions.find(({ name }) => name.toLowerCase() === second.toLowerCase());
        const functionName = fn?.name ?? "";
        const operations: KeyOperations = {
            list: () => keys.ofFunction(functionName),
            set: (name, value) => keys.setOfFunction({ functionName, name, ...(value === undefined ? {} : { value }) }),
            remove: (name) => keys.removeOfFunction({ functionName, name }),
        };
        return { name: fourth, operations: fn === undefined ? undefined : operations };
    }
    return undefined;
}

async function read(options: {
    context: HttpContext;
    operations: KeyOperations;
    name: string | undefined;
    includeMaster: boolean;
}): Promise<void> {
    const { context, operations, name } = options;
    const { response, host } = context;
    const all = await operations.list();
    if (name === undefined) {
        const keys = Object.entries(all).map(([key, value]) => ({ name: key, value }));
        sendJson({ response, status: 200, value: { keys, links: [] } });
        return;
    }
    const value =
        options.includeMaster && name === "_master"
            ? (await host.keys().host()).masterKey
            : new Map(Object.entries(all)).get(name);
    if (value === undefined) {
        sendText({ response, status: 404 });
    } else {
        sendJson({ response, status: 200, value: { name, value, links: [] } });
    }
}

async function write(options: { context: HttpContext; operations: KeyOperations; name: string }): Promise<void> {
    const { context, operations, name } = options;
    const { request, response, host } = context;
    let given: string | undefined;
    if (request.method === "PUT") {
        const body = parseIfJson((await readBody(request, host.bodyLimit)).toString());
        const value = typeof body === "object" && body !== null ? (body as { value?: unknown }).value : undefined;
        if (typeof value !== "string") {
            sendText({ response, status: 400, text: "Invalid key value" });
            return;
        }
        given = value;
    }
    const { value, created } = await operations.set(name, given);
    sendJson({ response, status: created ? 201 : 200, value: { name, value, links: [] } });
}
