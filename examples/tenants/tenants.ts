import { LocalWorkspace, type LocalWorkspaceOptions, type Stack } from "@pulumi/pulumi/automation";
import { type ServiceSku, SocketIOBackend } from "azure-realtime";

export interface Tenant {
    /** Name of the tenant and of its stack: letters, digits and hyphens. */
    name: string;
    /** Azure region, such as westeurope. */
    location: string;
    /** Absolute path of the folder with the built function app. */
    codePath: string;
    sku?: ServiceSku;
}

/** The program of one tenant: a backend of its own, and what the tenant's clients need. */
export function createTenant({ name, codePath, sku }: Tenant) {
    const { negotiateUrl, endpoint } = new SocketIOBackend(name, { codePath, sku });
    return { negotiateUrl, endpoint };
}

/** The stack of one tenant, as the Automation API sees it. `workspace` says where the state is kept, among other things. */
async function selectStack(tenant: Tenant, workspace?: LocalWorkspaceOptions): Promise<Stack> {
    const program = async () => createTenant(tenant);
    const stack = await LocalWorkspace.createOrSelectStack(
        { projectName: "realtime-tenants", stackName: tenant.name, program },
        workspace,
    );
    await stack.setConfig("azure-native:location", { value: tenant.location });
    return stack;
}

/** Creates or updates the backend of a tenant. Returns where the tenant's clients get their token. */
export async function deployTenant(tenant: Tenant, workspace?: LocalWorkspaceOptions): Promise<string> {
    const stack = await selectStack(tenant, workspace);
    const { outputs } = await stack.up({ onOutput: (text) => process.stdout.write(text) });
    return String(outputs.negotiateUrl?.value);
}

/** Deletes the backend of a tenant, and its stack. */
export async function removeTenant(tenant: Tenant, workspace?: LocalWorkspaceOptions): Promise<void> {
    const stack = await selectStack(tenant, workspace);
    await stack.destroy({ onOutput: (text) => process.stdout.write(text) });
    await stack.workspace.removeStack(tenant.name);
}
