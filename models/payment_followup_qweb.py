from lxml import html

from odoo import api, models


class PaymentFollowupQweb(models.AbstractModel):
    """QWeb that compiles a text once for all customers who get it.

    Odoo compiles the text of a mail template anew for each record, which takes longer
    than everything else about a mail.
    """

    _name = "payment.followup.qweb"
    _description = "Payment Reminder QWeb"
    _inherit = ["ir.qweb"]

    @api.model
    def _get_renderer(self, template):
        """Return a function that puts ``template`` into words.

        :param template: a ``mail.template`` in the language of the words
        :return: a function of a dict of variables, which returns HTML
        """
        qweb = template.env[self._name]
        node = html.fragment_fromstring(template.body_html or "", create_parent="div")
        variables, compiled = template._render_eval_context(), {}

        def render(values):
            page = qweb._render(node, variables | values, compiled=compiled)
            return page[len("<div>") : -len("</div>")]

        return render

    @api.model
    def _compile(self, template):
        compiled = self.env.context["compiled"]
        if template not in compiled:
            compiled[template] = super()._compile(template)
        return compiled[template]
