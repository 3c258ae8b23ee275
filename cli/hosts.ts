import { InvalidArgumentError, Option } from "commander";
import { functionsHosts } from "../emulator/functions/options";

const pattern = /^[a-z\d]([\w-]*[a-z\d])?(\.[a-z\d]([\w-]*[a-z\d])?)*(:\d{1,5})?$/i;

/** Names by which a proxy or a tunnel reaches servers on this machine. */
export const allowHostOption = (): Option =>
    new Option(
        "--allow-host <name>",
        "also answer requests for this host, such as chat.example.com or proxy.test:8080; repeat it for more",
    )
        .argParser((name: string, before: string[]) => {
            if (!pattern.test(name) || name.length > 253) {
                throw new InvalidArgumentError(
                    "It must be a host name or an IPv4 address, with or without a port, and no URL.",
                );
            }
            return [...before, name];
        })
        .default([], "none");

/** Which host runs the function apps of a stack. */
export const functionsHostOption = (): Option =>
    new Option(
        "--functions-host <host>",
        "host of function apps: auto runs Node apps itself and others with func (Azure Functions Core Tools), func runs all",
    ).choices(functionsHosts);
