import * as pulumi from "@pulumi/pulumi";
import type { FunctionApp } from "../functionApp/functionApp";
import type { StagingSlotOptions } from "../functionApp/stagingSlotArgs";
import { stagingSlotOf } from "../functionApp/stagingSlotCheck";
import type { FunctionCode } from "../functionCode/functionCode";
import { HostKeys } from "../hostKeys/hostKeys";
import { createSuffix } from "../shared/names";
import { newName } from "../shared/naming";
import { NamedKind } from "../shared/namingArgs";
import type { ServiceKind } from "../shared/serviceKinds";
import { webhookUrl } from "../shared/urls";
import type { BackendArgs } from "./args";
import { type BackendNetworkParts, vaultNetwork } from "./network";

type Staged = Pick<BackendArgs, "naming" | "location" | "tags" | "protectData" | "keyRotation" | "stagingSlot"> &
    BackendNetworkParts & { kind: ServiceKind; resourceGroupName: pulumi.Input<string> };

/** What a backend has for its slot. Nothing is there without a slot. */
export interface Staging {
    options?: Required<StagingSlotOptions>;
    keys?: HostKeys;
}

/** Creates the key of the slot's webhook, in a vault that only the slot's host has. */
export function createStaging(name: string, args: Staged, opts: pulumi.ComponentResourceOptions): Staging {
    const { stagingSlot, kind, resourceGroupName, naming, location, tags, protectData, keyRotation } = args;
    if (stagingSlot === undefined) {
        return {};
    }
    const base = `${name}-staging-keys`;
    const vaultName = newName(createSuffix(base, opts), { base, max: 24, naming, kind: NamedKind.StagingVault });
    const { extension } = kind;
    const place = { resourceGroupName, location, tags };
    const keys = new HostKeys(
        base,
        { ...place, extension, vaultName, protectData, keyRotation, naming, ...vaultNetwork(args, args) },
        opts,
    );
    return { options: stagingSlotOf(stagingSlot), keys };
}

/** The part of the app's args that makes its slot. */
export function slotArgs({ options, keys }: Staging) {
    return options && keys && { ...options, vaultId: keys.vaultId, vaultUri: keys.vaultUri };
}

/** The slot's name, known once the slot can take code; the app that has the slot is made after its code. */
export function readySlotOf({ options }: Staging): [pulumi.Output<string> | undefined, (app: FunctionApp) => void] {
    if (options === undefined) {
        return [undefined, () => undefined];
    }
    const [ready, setReady] = pulumi.deferredOutput<string>();
    return [ready, ({ stagingSlotName }) => setReady(stagingSlotName ?? pulumi.output(options.name))];
}

/** Where the events of the slot's hubs go. */
export interface StagedEvents {
    hubSuffix: string;
    keys: HostKeys;
    eventUrl: pulumi.Output<string>;
}

/** What the slot's hubs need. */
export interface StagedHubs extends StagedEvents {
    /** The slot's name, known once it runs its code. */
    running: pulumi.Output<string>;
}

/** The events of a slot, whose app may be made later than what needs them. */
export function stagedEvents(
    { options, keys }: Staging,
    { kind, hostName }: { kind: ServiceKind; hostName: pulumi.Output<string> },
): StagedEvents | undefined {
    if (options === undefined || keys === undefined) {
        return undefined;
    }
    const eventUrl = pulumi
        .all([hostName, keys.code])
        .apply(([known, code]) => webhookUrl({ hostName: known, extension: kind.extension, code }));
    return { hubSuffix: options.hubSuffix, keys, eventUrl };
}

export function stagedHubs(
    staging: Staging,
    { kind, app, code }: { kind: ServiceKind; app: FunctionApp; code: FunctionCode },
): StagedHubs | undefined {
    const events = stagedEvents(staging, { kind, hostName: app.stagingHostName ?? pulumi.output("") });
    const running = code.stagingSlotName ?? app.stagingSlotName ?? pulumi.output("");
    return events && { ...events, running };
}
