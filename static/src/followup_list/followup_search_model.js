import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { SearchModel } from "@web/search/search_model";

/**
 * A search with a filter for each level of the plan: a view cannot know them, each company
 * has its own.
 */
export class FollowupSearchModel extends SearchModel {
    /** A search that one comes back to has them already. */
    async load(config) {
        const dynamicFilters = config.state ? [] : await this.loadLevelFilters();
        return super.load({ ...config, dynamicFilters });
    }

    async loadLevelFilters() {
        const { records } = await this.orm.webSearchRead("payment.followup.level", [], {
            specification: { name: {}, company_id: { fields: { display_name: {} } } },
        });
        return records.map((level) => ({
            description: this.describeLevel(level),
            domain: [["due_level_id", "=", level.id]],
            is_default: false,
        }));
    }

    describeLevel({ name, company_id }) {
        return user.activeCompanies.length > 1
            ? _t("Due: %(level)s (%(company)s)", {
                  level: name,
                  company: company_id.display_name,
              })
            : _t("Due: %s", name);
    }
}
