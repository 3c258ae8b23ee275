#!/usr/bin/env node
import { runCommandLine } from "./main";

runCommandLine();
