/** The `etcd` command group: the database of the control plane. */

import type { Plugin } from "../../core/plugin.ts";
import { alarmDisarm, alarmList } from "./alarm.ts";
import { defrag } from "./defrag.ts";
import { downgradeCancel, downgradeEnable, downgradeValidate } from "./downgrade.ts";
import { forfeitLeadership } from "./forfeit_leadership.ts";
import { alarmGroup, downgradeGroup, group } from "./groups.ts";
import { leave } from "./leave.ts";
import { members } from "./members.ts";
import { removeMember } from "./remove_member.ts";
import { snapshot } from "./snapshot.ts";
import { status } from "./status.ts";

export default {
  name: "etcd",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(alarmGroup);
    registry.command(alarmDisarm);
    registry.command(alarmList);
    registry.command(defrag);
    registry.command(downgradeGroup);
    registry.command(downgradeCancel);
    registry.command(downgradeEnable);
    registry.command(downgradeValidate);
    registry.command(forfeitLeadership);
    registry.command(leave);
    registry.command(members);
    registry.command(removeMember);
    registry.command(snapshot);
    registry.command(status);
  },
} satisfies Plugin;
