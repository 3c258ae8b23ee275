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
