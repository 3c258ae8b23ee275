import dns from "node:dns";
import net from "node:net";

/** Makes servers of the app that name no host listen on loopback, so that other machines cannot reach an emulated app. */
export function listenOnLoopbackOnly(): void {
    const original = net.Server.prototype.listen;
    const listen = function (this: net.Server, ...args: unknown[]): net.Server {
        return Reflect.apply(original, this, withHost(args)) as net.Server;
    };
    net.Server.prototype.listen = listen as typeof original;
}

function withHost(args: unknown[]): unknown[] {
    const [first, second] = args;
    const callback = args.find((argument) => typeof argument === "function");
    const after = callback === undefined ? [] : [callback];
    if (first === undefined || typeof first === "function") {
        return [{ port: 0, host: "127.0.0.1" }, ...after];
    }
    const isPort = typeof first === "number" || (typeof first === "string" && /^\d+$/.test(first));
    if (isPort && typeof second !== "string") {
        return [{ port: Number(first), host: "127.0.0.1" }, ...after];
    }
    return args;
}

/**
 * Lets the app find the names below localhost, such as those of vaults, on this machine. Many resolvers do not know them,
 * although they belong to the loopback address. Source: RFC 6761, 6.3.
 */
export function resolveLocalhostNames(): void {
    const original = dns.lookup;
    const isLocal = (hostname: unknown) => typeof hostname === "string" && /\.localhost\.?$/i.test(hostname);
    const lookup = (hostname: string, ...rest: unknown[]): void =>
        Reflect.apply(original, dns, [isLocal(hostname) ? "127.0.0.1" : hostname, ...rest]) as undefined;
    dns.lookup = Object.assign(lookup, { __promisify__: original.__promisify__ }) as typeof dns.lookup;
    const promised = dns.promises.lookup;
    dns.promises.lookup = ((hostname: string, ...rest: unknown[]) =>
        Reflect.apply(promised, dns.promises, [
            isLocal(hostname) ? "127.0.0.1" : hostname,
            ...rest,
        ]) as unknown) as typeof promised;
}
