import { handOutAccess, servePage } from "../../shared/web";
import { negotiation } from "./bindings";

servePage();
handOutAccess({ functionName: "negotiate", method: "GET", access: negotiation });
