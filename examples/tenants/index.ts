// Deploys a backend for each tenant that the command line names: npx tsx index.ts ann bob
import { resolve } from "node:path";
import { deployTenant } from "./tenants";

async function main(names: string[]): Promise<void> {
    const codePath = resolve(process.env.CODE_PATH ?? "../../functions/socketio-chat");
    // One after the other, because the Automation API runs one inline program per process at a time.
    for (const name of names) {
        const url = await deployTenant({ name, location: "westeurope", codePath });
        console.log(`${name}: ${url}`);
    }
}

void main(process.argv.slice(2));
