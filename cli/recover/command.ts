import { Command } from "commander";
import { printable } from "../../emulator/core/printable";
import { readText } from "../stackJson";
import { UsageError } from "../words";
import { parseInterrupted, partsOf } from "./pending";
import { planRecovery, type RecoveryPlan } from "./plan";
import { pulumiOfPath, type RunPulumi } from "./pulumi";
import { takeInSuccessors } from "./replaced";

/** How Pulumi or Azure say that there is no such resource. */
const absent =
    /\bdoes not exist\b|\b(Resource|ParentResource|ResourceGroup|RoleAssignment|Deployment|Blob|Container)NotFound\b/;

interface RecoverFlags {
    run?: boolean;
    id?: Map<string, string>;
    subscription?: string;
    stack?: string;
    cwd?: string;
}

export interface RecoverOutside {
    print(line: string): void;
    env: Record<string, string | undefined>;
    /** Defaults to the `pulumi` of PATH. */
    pulumi?: RunPulumi;
}

/** The command that brings into the state what an interrupted `pulumi up` created. */
export function createRecoverCommand(outside: RecoverOutside, onExitCode: (code: number) => void): Command {
    return new Command("recover")
        .description("bring into the state what an interrupted `pulumi up` created on Azure")
        .argument("[stack]", "output of `pulumi stack export`, as a file or - for standard input", "-")
        .option("--run", "run the commands instead of printing them")
        .option(
            "--id <urn=id>",
            "Azure id of a resource; repeat it for more",
            (text: string, ids?: Map<string, string>) => {
                const [urn, id] = parseId(text);
                return new Map(ids).set(urn, id);
            },
        )
        .option(
            "--subscription <id>",
            "subscription of the stack (default: that of the resources in the export, or ARM_SUBSCRIPTION_ID)",
        )
        .option("--stack <name>", "name of the stack for the Pulumi CLI (default: the one in the export)")
        .option("--cwd <folder>", "folder of the Pulumi project (default: this folder)")
        .action(async (path: string, flags: RecoverFlags) => onExitCode(await runRecover({ path, flags, outside })));
}

async function runRecover({
    path,
    flags,
    outside,
}: {
    path: string;
    flags: RecoverFlags;
    outside: RecoverOutside;
}): Promise<number> {
    const { print } = outside;
    const interrupted = parseInterrupted(readText(path));
    if (interrupted === undefined) {
        if (flags.id !== undefined) {
            throw new UsageError(
                "--id: the export has no stack yet that could take a resource in. Run `pulumi up` first.",
            );
        }
        print("# The stack has no resources yet, so nothing is pending. Run `pulumi up`.");
        return 0;
    }
    const subscriptionId = flags.subscription ?? interrupted.subscriptionId ?? outside.env.ARM_SUBSCRIPTION_ID;
    const plan = planRecovery({
        interrupted,
        ids: flags.id ?? new Map(),
        ...(subscriptionId !== undefined && { subscriptionId }),
        ...(flags.stack !== undefined && { stack: flags.stack }),
        ...(flags.cwd !== undefined && { cwd: flags.cwd }),
    });
    const { steps, successors, remarks, unsettled } = plan;
    for (const remark of remarks) {
        // The output may go to a shell, where a line break in a name would begin a command.
        print(`# ${printable(remark)}`);
    }
    if (steps.length === 0 && successors.size === 0 && unsettled === 0 && remarks.length === 0) {
        print("# Nothing is pending in this stack. Run `pulumi up`.");
    }
    if (flags.run !== true) {
        const unprintable = steps.filter(({ args }) => args.some((text) => printable(text) !== text));
        if (unprintable.length > 0) {
            const names = unprintable.map(({ imports }) => printable(imports?.urn ?? interrupted.stackUrn));
            print(`# Names with control characters cannot be printed as a command: ${names.join(", ")}. Use --run.`);
            return 1;
        }
        for (const { args } of steps) {
            print(["pulumi", ...args].map(quote).join(" "));
        }
        for (const [urn, id] of successors) {
            print(`# ${printable(`${urn} was being replaced by ${id}. Only --run can take that in.`)}`);
        }
        return unsettled === 0 && successors.size === 0 ? 0 : 1;
    }
    return runSteps({ plan, print, pulumi: outside.pulumi ?? pulumiOfPath });
}

async function runSteps({
    plan: { steps, successors, flags, unsettled },
    print,
    pulumi,
}: {
    plan: RecoveryPlan;
    print: RecoverOutside["print"];
    pulumi: RunPulumi;
}): Promise<number> {
    for (const { args, imports } of steps) {
        const { code, output } = await pulumi(args);
        if (imports === undefined) {
            if (code !== 0) {
                print(output.trim());
                print(`The pending creates are still in the state: ${["pulumi", ...args].map(quote).join(" ")}`);
                return 1;
            }
            print("The state has no pending creates left. Run `pulumi up`.");
        } else if (code === 0) {
            print(`imported  ${printable(imports.urn)}`);
        } else if (absent.test(output)) {
            print(`not made  ${printable(imports.urn)}: Azure does not have it, so the next \`pulumi up\` creates it.`);
        } else {
            print(output.trim());
            print(
                `failed    ${printable(imports.urn)}: nothing later was run. Correct the cause and run recover again.`,
            );
            return 1;
        }
    }
    // Taking successors in drops every pending create, so it waits until the others are settled.
    if (successors.size > 0 && unsettled === 0) {
        const { code, output } = await takeInSuccessors({ successors, flags, pulumi });
        for (const [urn, id] of successors) {
            print(`${code === 0 ? "replaced  " : "failed    "}${printable(`${urn} by ${id}, if Azure has that.`)}`);
        }
        if (code !== 0) {
            print(output.trim());
            print(
                "Correct the cause and run recover again; where nothing is pending any more, run `pulumi up --refresh`.",
            );
            return 1;
        }
        print("The state has no pending creates left. Run `pulumi up`.");
    }
    return unsettled === 0 ? 0 : 1;
}

function parseId(text: string): [urn: string, id: string] {
    const end = text.lastIndexOf("=/");
    if (end < 0) {
        throw new UsageError(`--id ${text}: it must be <urn>=<id>, with an id that starts with /subscriptions/.`);
    }
    const urn = text.slice(0, end);
    partsOf(urn);
    return [urn, text.slice(end + 1)];
}

/** Quotes an argument for a POSIX shell, because URNs contain `$`. */
function quote(text: string): string {
    return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
