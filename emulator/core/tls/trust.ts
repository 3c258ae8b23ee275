import { createSecureContext } from "node:tls";
import { Agent, buildConnector, fetch as undiciFetch } from "undici";
import { messageOf } from "../errors";
import type { Authority } from "./authority";

/** The emulator's own TLS. */
export interface Tls {
    /** Opens the authority at the first call. */
    authority(): Promise<Authority>;
    /** Whether the addresses that resources give out are https. Every port serves http as well. */
    isDefault: boolean;
}

/** An agent that trusts the emulator's authority besides the roots of this machine. */
export function createTrustingAgent(tls: Tls | undefined): Agent {
    if (tls === undefined) {
        return new Agent();
    }
    const plain = buildConnector({});
    let secure: Promise<buildConnector.connector> | undefined;

    async function makeConnector({ authority }: Tls): Promise<buildConnector.connector> {
        const { certificate } = await authority();
        const secureContext = createSecureContext();
        // Adds to Node's roots. The option `ca` would replace them, NODE_EXTRA_CA_CERTS included.
        (secureContext.context as { addCACert(pem: string): void }).addCACert(certificate);
        return buildConnector({ secureContext } as buildConnector.BuildOptions);
    }

    return new Agent({
        connect(options, callback) {
            if (options.protocol !== "https:") {
                plain(options, callback);
                return;
            }
            secure ??= makeConnector(tls);
            secure.then(
                (connect) => connect(options, callback),
                (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)), null),
            );
        },
    });
}

/** `fetch` over an agent. Node's own does not take an agent of another version of undici. */
export function fetchOver(dispatcher: Agent): typeof fetch {
    return ((url: Parameters<typeof undiciFetch>[0], init: Parameters<typeof undiciFetch>[1]) =>
        undiciFetch(url, { ...init, dispatcher })) as unknown as typeof fetch;
}
