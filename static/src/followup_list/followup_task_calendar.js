import { registry } from "@web/core/registry";
import { CalendarController } from "@web/views/calendar/calendar_controller";
import { calendarView } from "@web/views/calendar/calendar_view";

/** A task leads to the statement of its customer, from the calendar as from the list. */
export class FollowupTaskCalendarController extends CalendarController {
    async editRecord({ id }) {
        const action = await this.orm.call("mail.activity", "action_open_document", [[id]]);
        return this.action.doAction(action);
    }
}

registry.category("views").add("followup_task_calendar", {
    ...calendarView,
    Controller: FollowupTaskCalendarController,
});
