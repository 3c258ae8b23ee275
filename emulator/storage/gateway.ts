import { randomBytes } from "node:crypto";
import type { IncomingMessage, RequestListener } from "node:http";
import type { Clock } from "../core/clock";
import { bearerToken } from "../core/http";
import type { Log } from "../core/log";
import { isSameSecret } from "../core/secrets";
import { createRefusalLog } from "../core/service/boundedLog";
import { AuthorizationError, type Identity } from "../identity";
import type { BlobEngine } from "./engine";
import { StorageError, sendStorageError } from "./errors";
import { copySourceRoles, permissionFor, scopeOf } from "./permission";
import { sharedKeyAuthorization } from "./sharedKey";

const storageAudience = "https://storage.azure.com";
/** Carries the gateway's own secret on requests of the control plane. */
export const controlHeader = "x-emulator-control";

export interface GatewayOptions {
    account: { id: string; name: string; key: string };
    engine: BlobEngine;
    identity: Identity;
    clock: Clock;
    log: Log;
    allowSharedKeyAccess(): boolean;
}

export interface Gateway {
    listener: RequestListener;
    /** Allows every operation. It never leaves this process. */
    controlSecret: string;
}

interface Target {
    container: string | undefined;
    query: URLSearchParams;
}

/** Stands in front of Azurite: authorizes requests, and signs those that came with a token, which Azurite cannot check. */
export function createGateway(options: GatewayOptions): Gateway {
    const { account, engine, clock, log } = options;
    // Anybody may send what is refused, as often as he likes.
    const logRefusal = createRefusalLog({ clock, log, source: account.name });
    const controlSecret = randomBytes(24).toString("hex");

    const listener: RequestListener = (request, response) => {
        admit({ request, options, controlSecret })
            .then(() => {
                if (request.method !== "GET" && request.method !== "HEAD") {
                    response.once("finish", () => {
                        // Azurite refuses a wrong key or signature itself. Then nothing has changed.
                        if (response.statusCode < 400) {
                            keep(engine, log);
                        }
                    });
                }
                engine.listener(request, response);
            })
            .catch((error: unknown) => {
                const refusal = toStorageError(error);
                const message = `${request.method} blob: ${refusal.message}`;
                // A principal without a role is the most common mistake, and none of a stranger.
                const tell = bearerToken(request) !== undefined && refusal.status === 403 ? log : logRefusal;
                tell({ level: "warning", source: account.name, message });
                if (response.headersSent) {
                    response.destroy();
                } else {
                    sendStorageError(response, refusal);
                }
            });
    };
    return { listener, controlSecret };
}

async function admit(given: {
    request: IncomingMessage;
    options: GatewayOptions;
    controlSecret: string;
}): Promise<void> {
    const { request, options } = given;
    const control = String(request.headers[controlHeader] ?? "");
    delete request.headers[controlHeader];
    const target = parseTarget(request, options.account.name);
    if (isSameSecret(control, given.controlSecret)) {
        return sign(request, options);
    }
    const token = bearerToken(request);
    if (token !== undefined) {
        await authorize({ request, target, token, options });
        return sign(request, options);
    }
    if (request.headers.authorization === undefined && !target.query.has("sig") && isRead(request)) {
        // Accounts here have no public containers: allowBlobPublicAccess is false, as it is on Azure unless it is set.
        throw new StorageError({
            status: 409,
            code: "PublicAccessNotPermitted",
            message: "Public access is not permitted on this storage account.",
        });
    }
    const usesKey = /^SharedKey/i.test(request.headers.authorization ?? "") || target.query.has("sig");
    if (usesKey && !options.allowSharedKeyAccess()) {
        throw new StorageError({
            status: 403,
            code: "KeyBasedAuthenticationNotPermitted",
            message:
                "Key based authentication is not permitted on this storage account: allowSharedKeyAccess is false. " +
                "Use a bearer token of an identity with a data role.",
        });
    }
}

function isRead({ method }: IncomingMessage): boolean {
    return method === "GET" || method === "HEAD";
}

async function authorize(given: {
    request: IncomingMessage;
    target: Target;
    token: string;
    options: GatewayOptions;
}): Promise<void> {
    const { identity, account } = given.options;
    const permission = permissionFor({ method: given.request.method ?? "GET", query: given.target.query });
    if ("notEmulated" in permission) {
        throw new StorageError({ status: 501, code: "NotImplemented", message: permission.notEmulated });
    }
    const check = { token: given.token, audience: storageAudience };
    const scope = (container: string | undefined) => scopeOf({ accountId: account.id, container });
    await identity.authorize({ ...check, anyRole: permission.anyRole, scope: scope(given.target.container) });
    const source = copySourceContainer(given.request, account.name);
    if (source !== undefined) {
        await identity.authorize({ ...check, anyRole: copySourceRoles, scope: scope(source) });
    }
}

/** Container of this account that a copy reads from. Like Azurite, takes the account from the path and ignores the host. */
function copySourceContainer(request: IncomingMessage, account: string): string | undefined {
    const text = request.headers["x-ms-copy-source"];
    if (typeof text !== "string" || !URL.canParse(text)) {
        return undefined;
    }
    const [sourceAccount, container] = decode(new URL(text).pathname).slice(1).split("/");
    return sourceAccount === account ? container : undefined;
}

/** Signs an authorized request with the account key, the only credential that Azurite knows. */
function sign(request: IncomingMessage, { account }: GatewayOptions): void {
    const { headers } = request;
    delete headers.date;
    headers["x-ms-date"] = new Date().toUTCString();
    headers.authorization = sharedKeyAuthorization({
        method: request.method ?? "GET",
        url: request.url ?? "/",
        headers,
        account: account.name,
        key: account.key,
    });
}

function parseTarget(request: IncomingMessage, account: string): Target {
    const text = request.url ?? "/";
    decode(text);
    if (!URL.canParse(text, "http://localhost")) {
        throw invalidUri("The path of the request is not a URL path.");
    }
    const url = new URL(text, "http://localhost");
    const [name, container] = decode(url.pathname).slice(1).split("/");
    if (name !== account) {
        throw new StorageError({
            status: 404,
            code: "ResourceNotFound",
            message: `Account "${name}" is not served here. The path must start with /${account}/.`,
        });
    }
    return { container, query: url.searchParams };
}

function decode(text: string): string {
    try {
        return decodeURIComponent(text);
    } catch {
        throw invalidUri("The URL is not valid percent-encoding.");
    }
}

function invalidUri(message: string): StorageError {
    return new StorageError({ status: 400, code: "InvalidUri", message });
}

function toStorageError(error: unknown): StorageError {
    if (error instanceof StorageError) {
        return error;
    }
    if (error instanceof AuthorizationError) {
        return error.status === 403
            ? new StorageError({
                  status: 403,
                  code: "AuthorizationPermissionMismatch",
                  message: `This request is not authorized to perform this operation using this permission: ${error.message}`,
              })
            : new StorageError({ status: 401, code: "InvalidAuthenticationInfo", message: error.message });
    }
    return new StorageError({ status: 500, code: "InternalError", message: String(error) });
}

/** Saves now: Azurite saves every five seconds, and a process that is killed before that would lose deployed code. */
function keep(engine: BlobEngine, log: Log): void {
    engine.flush().catch((error: unknown) => {
        log({ level: "warning", source: "storage", message: `Blobs could not be saved: ${String(error)}` });
    });
}
