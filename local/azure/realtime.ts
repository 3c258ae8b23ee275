import type { RealtimeServiceOptions, ServiceKeys } from "../../emulator/core/service/types";
import type { ProviderFunction } from "../engine/handler";
import type { Properties } from "../engine/values";
import type { ArmSpec, MakeContext } from "./armHandler";
import { closeIdentity, openIdentities } from "./identities";
import { buildId } from "./ids";
import { object, optionalText, text } from "./inputs";
import { portOf } from "./ports";
import type { Registry, World } from "./world";

/** The members that every emulated realtime service has. */
interface OpenService {
    hostName: string;
    port: number;
    readonly keys: ServiceKeys;
    close(): Promise<void>;
}

export interface RealtimeKind<S extends OpenService, O extends RealtimeServiceOptions> {
    /** The registry for services of this kind. */
    registry(world: World): Registry<S & { update(options: Partial<O>): void }>;
    open(world: World, inputs: Properties, options: O): Promise<S & { update(options: Partial<O>): void }>;
    /** Options beyond those that every service has. */
    options(inputs: Properties): Omit<O, keyof RealtimeServiceOptions>;
}

/** Opens the service, or updates the open one without disconnecting its clients. */
export async function makeService<S extends OpenService, O extends RealtimeServiceOptions>(
    kind: RealtimeKind<S, O>,
    { world, id, name, inputs, before }: MakeContext,
): Promise<{ outputs: Properties; keep: Properties }> {
    const identities = openIdentities({ world, id, inputs, ...(before && { keep: before.keep }) });
    const sku = object(inputs.sku);
    const kept = object(before?.keep.accessKeys);
    const principalId = (identities.systemAssigned ?? identities.userAssigned[0])?.principalId;
    const options = {
        id,
        name,
        disableLocalAuth: inputs.disableLocalAuth === true,
        disableAadAuth: inputs.disableAadAuth === true,
        sku: optionalText(sku, "name") ?? "Free_F1",
        units: typeof sku.capacity === "number" ? sku.capacity : 1,
        ...(principalId !== undefined && { principalId }),
        ...kind.options(inputs),
    } as O;
    const registry = kind.registry(world);
    const open = registry.find(id);
    open?.update(options);
    const service =
        open ??
        (await kind.open(world, inputs, {
            ...options,
            ...portOf(before),
            ...(kept.primaryKey !== undefined && {
                accessKeys: { primaryKey: text(kept, "primaryKey"), secondaryKey: text(kept, "secondaryKey") },
            }),
        }));
    registry.add(id, service);
    const { primaryKey, secondaryKey } = service.keys;
    return {
        outputs: {
            ...identities.outputs,
            hostName: service.hostName,
            hostNamePrefix: name,
            externalIP: "127.0.0.1",
            publicPort: service.port,
            serverPort: service.port,
            version: "1.0",
            provisioningState: "Succeeded",
        },
        keep: { ...identities.keep, port: service.port, accessKeys: { primaryKey, secondaryKey } },
    };
}

export function removeService<S extends OpenService, O extends RealtimeServiceOptions>(
    kind: RealtimeKind<S, O>,
): NonNullable<ArmSpec["remove"]> {
    return async ({ world, id }) => {
        await kind.registry(world).find(id)?.close();
        kind.registry(world).remove(id);
        closeIdentity({ world, id });
    };
}

export function listKeys<S extends OpenService, O extends RealtimeServiceOptions>(
    kind: RealtimeKind<S, O>,
    { token, armType }: { token: string; armType: string },
): ProviderFunction {
    return {
        token,
        run: async ({ world, args }) => ({
            ...kind.registry(world).get(serviceId({ world, armType, inputs: args })).keys,
        }),
    };
}

/** The id of the service that the inputs `resourceGroupName` and `resourceName` refer to. */
export function serviceId({ world, armType, inputs }: { world: World; armType: string; inputs: Properties }): string {
    const resourceGroup = text(inputs, "resourceGroupName");
    return buildId({ ...world, resourceGroup, type: armType, names: [text(inputs, "resourceName")] });
}
