import type { IncomingMessage } from "node:http";
import { isIPv6 } from "node:net";

/** The reason to refuse a request before anything reads it. */
export interface Fault {
    status: 400 | 421 | 500;
    message: string;
}

export interface RequestRule {
    /** Port of the server, for the message of a refusal. */
    port: number;
    /** Values of the Host header that are accepted besides this machine's own, in lower case: a name, or a name with a port. */
    allowedHosts: readonly string[];
}

/** A path on this server, and not a URL or a text that a URL parser reads as another host: it drops tabs and turns `\\` into `/`. */
const pathPattern = /^\/(?![/\\])[^\0- \x7f]*$/;
const hostPattern = /^(\[[\da-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::(\d{1,5}))?$/i;

/**
 * Checks the request line and the Host header. A request for another host is refused, because a foreign page whose name
 * resolves to this machine would otherwise read the answers as its own (DNS rebinding).
 */
export function checkRequest(request: IncomingMessage, rule: RequestRule): Fault | undefined {
    if (!pathPattern.test(request.url ?? "")) {
        return badRequest("The request target must be a path that starts with one slash.");
    }
    const hosts = hostsOf(request.rawHeaders);
    const host = hosts.length === 1 ? hosts[0]?.trim() : undefined;
    if (host === undefined || host === "") {
        return badRequest(
            `The request must have one Host header. It has ${hosts.length === 1 ? "an empty one" : hosts.length}.`,
        );
    }
    const match = hostPattern.exec(host);
    const name = nameOf(match?.[1] ?? "");
    const given = match?.[2];
    if (match === null || name === undefined || Number(given ?? 0) > 65_535) {
        return badRequest("The Host header is not a host name or an address, with or without a port.");
    }
    const { allowedHosts } = rule;
    const isAllowed =
        allowedHosts.includes(name) || (given !== undefined && allowedHosts.includes(`${name}:${Number(given)}`));
    return isOwn(name) || isAllowed
        ? undefined
        : {
              status: 421,
              message: `Host '${host}' is not served here. Use localhost:${rule.port}, or start with --allow-host ${host}.`,
          };
}

function nameOf(host: string): string | undefined {
    if (host.startsWith("[")) {
        return isIPv6(host.slice(1, -1)) ? new URL(`http://${host}`).hostname : undefined;
    }
    return host.toLowerCase().replace(/\.$/, "");
}

/**
 * Whether a name is this machine's own. Browsers resolve every name below localhost to it, so no foreign page has such a name.
 * The port may be another one, because development servers and relays on this machine pass their own.
 */
function isOwn(name: string): boolean {
    return name === "localhost" || name.endsWith(".localhost") || name === "127.0.0.1" || name === "[::1]";
}

/** All values of the Host header. Node itself keeps only the first. */
function hostsOf(rawHeaders: readonly string[]): string[] {
    const hosts: string[] = [];
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
        const name = rawHeaders[index] as string;
        if (name.length === 4 && name.toLowerCase() === "host") {
            hosts.push(rawHeaders[index + 1] as string);
        }
    }
    return hosts;
}

function badRequest(message: string): Fault {
    return { status: 400, message };
}
