import "./web";
import "./presence";
import "./messages";
import "./groups";
