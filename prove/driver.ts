import type { Finding } from "../cli/verify";
import type { Entry } from "./matrix";

/** Counts of an update, by what happened to a resource. */
export type Changes = Readonly<Record<string, number>>;

/** One stack of the stacks' program. */
export interface ProofStack {
    configure(values: Record<string, string>): Promise<void>;
    up(): Promise<Changes>;
    /** Runs `azure-realtime verify` with a message. */
    verify(): Promise<Finding[]>;
    /** Changes the code, and returns the folder with the change. */
    editCode(mark: string): Promise<string>;
    /** Whether the app's page has the mark. */
    showsEdit(mark: string): Promise<boolean>;
    /** Version of the Functions host; undefined when it does not tell. */
    hostVersion(): Promise<string | undefined>;
    /** Whether whoever deploys may delete secrets of the stack's vault; undefined without a vault, or when Azure does not tell. */
    mayDeleteSecrets(): Promise<boolean | undefined>;
    destroy(): Promise<void>;
    /** Ids of what exists after a destroy. */
    leftovers(): Promise<string[]>;
    /** Removes the stack itself. */
    remove(): Promise<void>;
}

/** Opens the stack of an entry, and creates it where it does not exist. */
export type OpenStack = (entry: Entry) => Promise<ProofStack>;
