/** The types that `talosctl plugin new` writes into a plugin's own folder; the examples share them. */

export type * from "../../plugins/plugin/template/talosctl.d.ts";
