import { handOutAccess, servePage } from "../../shared/web";
import { access, accessOfSignedIn } from "./bindings";

servePage();
handOutAccess({ functionName: "negotiate", method: "GET", access });
handOutAccess({ functionName: "login", method: "GET", access: accessOfSignedIn });
