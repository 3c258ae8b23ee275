import type { HostMethod } from "../messages";
import type { HostKeyAddress, HostKeys } from "../options";
import type { Host } from "./host";

/** Makes one of the calls that Azure Resource Manager proxies to a running host. */
export async function callHost(request: { host: Host; method: HostMethod; argument: unknown }): Promise<unknown> {
    const keys = request.host.keys();
    switch (request.method) {
        case "hostKeys": {
            const { masterKey, functionKeys, systemKeys } = await keys.host();
            return { masterKey, functionKeys, systemKeys } satisfies HostKeys;
        }
        case "functionKeys":
            return keys.ofFunction(String(request.argument));
        case "setHostKey": {
            const { kind, name, value } = request.argument as HostKeyAddress & { value: string };
            await keys.set({ scope: kind, name, value });
            return undefined;
        }
        case "deleteHostKey": {
            const { kind, name } = request.argument as HostKeyAddress;
            await keys.remove({ scope: kind, name });
            return undefined;
        }
    }
}
