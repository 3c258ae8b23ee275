import * as pulumi from "@pulumi/pulumi";
import { grantRoles, listRoles } from "../parts/appRoles";
import { createMonitoring } from "../parts/monitoring";
import { resolvePlan } from "../parts/plan";
import { createSuffix } from "../parts/suffix";
import { startChecks } from "../shared/checks";
import { hostUrl } from "../shared/urls";
import { checkFunctionAppArgs, type FunctionIdentity } from "./check";
import type { ElasticPremiumSize, FunctionRuntime, HostingPlan } from "./hosting";
import { resolveAppIdentity } from "./identity";
import { createAppSettings } from "./settings";
import { resolveHostStorage } from "./storage";
import { createWebApp } from "./webApp";

/** One role that the app's identity gets. */
export interface RoleArgs {
    /** Distinguishes the role's resource from others of this app: lower case letters, digits and hyphens. */
    name: string;
    /** GUID of a built-in role. */
    role: pulumi.Input<string>;
    /** Azure Resource Manager id of the one resource that it is for. */
    scope: pulumi.Input<string>;
    /**
     * Whether the role waits for the app, because what it is for waits for the app's host name. The settings wait for the role
     * either way. Defaults to false, with which a user-assigned identity has the role before the app starts.
     */
    afterApp?: boolean;
}

/** App settings that a part of the system needs. */
export interface RequiredSettingsArgs {
    /** What the part is called, for the error when the caller gives one of its settings. */
    owner: string;
    /** The settings; a caller's `appSettings` cannot overwrite them. */
    settings: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
    /** The setting that takes the client id of the app's identity, when that is user-assigned. Defaults to none. */
    clientIdSetting?: string;
}

/** Instances that wait for work. */
export interface AlwaysReadyArgs {
    /** Which functions: http, blob, durable or function:<name>. */
    name: pulumi.Input<string>;
    /** How many instances, 1-1000. */
    instanceCount: pulumi.Input<number>;
}

/** What can be said about the app itself; composed components take the same. */
export interface FunctionAppOptionsArgs {
    /** Name of the app, unique in all of Azure. Defaults to the component's name with a short random part. */
    appName?: pulumi.Input<string>;
    /** Azure region. Defaults to the provider's location, else to the resource group's. */
    location?: pulumi.Input<string>;
    /** Where the app runs. Defaults to FlexConsumption. */
    plan?: HostingPlan;
    /** Azure Resource Manager id of a plan that exists already, of the kind that `plan` says. Defaults to a new plan. */
    planId?: pulumi.Input<string>;
    /** Instance size of a new ElasticPremium plan. Defaults to EP1. */
    premiumSize?: pulumi.Input<ElasticPremiumSize>;
    /** Whether a new plan is spread over zones; on ElasticPremium that takes three instances. Defaults to false. */
    zoneRedundant?: boolean;
    /** Language of the code. Defaults to node. */
    runtime?: FunctionRuntime;
    /** Version of the language: node 20, 22; python 3.10-3.12; dotnet-isolated 8.0, 9.0; java 17, 21; powershell 7.4. Defaults to the newest, for node 22. */
    runtimeVersion?: pulumi.Input<string>;
    /** Memory of an instance in MB: 512, 2048 or 4096; FlexConsumption only. Defaults to 2048. */
    instanceMemoryMB?: pulumi.Input<number>;
    /** The most instances: 40-1000 on FlexConsumption, 1-100 on ElasticPremium. Defaults to 100 and 20. */
    maximumInstanceCount?: pulumi.Input<number>;
    /** Instances that wait for work, FlexConsumption only. Defaults to none. */
    alwaysReady?: pulumi.Input<pulumi.Input<AlwaysReadyArgs>[]>;
    /** Whose identity the app has. Defaults to SystemAssigned. */
    identityType?: FunctionIdentity;
    /** Azure Resource Manager id of the identity, with UserAssigned. Defaults to a new identity. */
    userAssignedIdentityId?: pulumi.Input<string>;
    /** Name of the new account that holds the host's state, unique in all of Azure. Defaults to the component's name with a short random part. */
    storageAccountName?: pulumi.Input<string>;
    /** An account that exists already, instead of a new one. */
    existingStorageAccountName?: pulumi.Input<string>;
    /** The resource group of that account. Defaults to the app's. */
    existingStorageResourceGroupName?: pulumi.Input<string>;
    /** Azure Resource Manager id of the Log Analytics workspace behind Application Insights. Defaults to a new one. */
    workspaceId?: pulumi.Input<string>;
    /** The app's own settings. One that the app needs to work is refused. */
    appSettings?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
    /** Tags on every resource that takes them. */
    tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** What a {@link FunctionApp} is made of. */
export interface FunctionAppArgs extends FunctionAppOptionsArgs {
    /** The resource group of the app. */
    resourceGroupName: pulumi.Input<string>;
    /** What the app's identity may do besides using its own storage and monitoring. Defaults to nothing. */
    roles?: RoleArgs[];
    /** Settings of other parts of the system, which a caller cannot overwrite. Defaults to none. */
    requiredSettings?: RequiredSettingsArgs[];
    /** Address of the package that an ElasticPremium app runs; needed there, refused on FlexConsumption. */
    packageUri?: pulumi.Input<string>;
}

/**
 * A Function App without a key anywhere: its identity reaches its storage, its monitoring and what `roles` names.
 *
 * ```ts
 * const app = new FunctionApp("chat", { resourceGroupName: group.name });
 * ```
 *
 * With an identity that other things know already, and a setting:
 *
 * ```ts
 * new FunctionApp("chat", {
 *     resourceGroupName: group.name,
 *     identityType: "UserAssigned",
 *     userAssignedIdentityId: identity.id,
 *     appSettings: { Greeting: "hello" },
 * });
 * ```
 */
export class FunctionApp extends pulumi.ComponentResource {
    /** Azure Resource Manager id of the app. */
    public readonly appId: pulumi.Output<string>;
    /** Name of the app, known once it has its roles and settings: what uses the name comes after them. */
    public readonly appName: pulumi.Output<string>;
    /** Host name of the app, known as soon as the app is there. */
    public readonly defaultHostName: pulumi.Output<string>;
    /** Address of the app, known as soon as the app is there. */
    public readonly url: pulumi.Output<string>;
    /** Principal of the app's identity. */
    public readonly principalId: pulumi.Output<string>;
    /** Client id of the app's identity, when it is user-assigned. */
    public readonly identityClientId?: pulumi.Output<string>;
    /** Id of the plan that the app runs on. */
    public readonly planId: pulumi.Output<string>;
    /** Id of the account that holds the host's state. */
    public readonly storageAccountId: pulumi.Output<string>;
    /** Id of the app's Application Insights. */
    public readonly applicationInsightsId: pulumi.Output<string>;

    constructor(name: string, args: FunctionAppArgs, opts?: pulumi.ComponentResourceOptions) {
        super("azure-realtime:index:FunctionApp", name, {}, opts);
        const checks = startChecks(`FunctionApp "${name}"`);
        const checked = checkFunctionAppArgs(checks, args);
        checks.refuse();

        const step = { name, args: checked, parent: this, suffix: createSuffix(name, { parent: this }) };
        const identity = resolveAppIdentity(step);
        const storage = resolveHostStorage(step);
        const monitoring = createMonitoring(step);
        const planId = resolvePlan(step);
        const roles = listRoles({ args: checked, storage, monitoring });
        // A user-assigned identity can have its roles before the app starts; a system-assigned one is born with the app.
        const early = identity === undefined ? [] : roles.filter((role) => role.afterApp !== true);
        const before = grantRoles({ ...step, roles: early, principalId: identity?.principalId ?? "" });
        const app = createWebApp({ ...step, identity, storage, planId, after: before });
        const principalId = identity?.principalId ?? app.identity.apply((own) => own?.principalId ?? "");
        const late = roles.filter((role) => !early.includes(role));
        const after = [...before, ...grantRoles({ ...step, roles: late, principalId })];
        const settings = createAppSettings({ ...step, app, identity, storage, monitoring, after });

        this.appId = app.id;
        this.appName = pulumi.all([app.name, settings.id]).apply(([known]) => known);
        this.defaultHostName = app.defaultHostName;
        this.url = app.defaultHostName.apply(hostUrl);
        this.principalId = principalId;
        this.identityClientId = identity?.clientId;
        this.planId = pulumi.output(planId);
        this.storageAccountId = storage.id;
        this.applicationInsightsId = monitoring.id;
        this.registerOutputs({
            appId: this.appId,
            appName: this.appName,
            defaultHostName: this.defaultHostName,
            url: this.url,
            principalId: this.principalId,
            identityClientId: this.identityClientId,
            planId: this.planId,
            storageAccountId: this.storageAccountId,
            applicationInsightsId: this.applicationInsightsId,
        });
    }
}
