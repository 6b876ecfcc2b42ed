from lxml import html

from odoo import api, models, tools


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
        text = template.body_html or ""
        qweb = template.env[self._name]
        node, compiled = qweb._parse(text), qweb._compile_text(text)
        variables = template._render_eval_context()

        def render(values):
            page = qweb._render(node, variables | values, compiled=compiled)
            return page[len("<div>") : -len("</div>")]

        return render

    @api.model
    def _parse(self, text):
        return html.fragment_fromstring(text, create_parent="div")

    @api.model
    @tools.ormcache(
        "text",
        "tuple(self.env.context.get(key) for key in self._get_template_cache_keys())",
        cache="templates",
    )
    def _compile_text(self, text):
        """Compile ``text`` once, for all batches; another text is compiled anew."""
        return self._compile(self._parse(text))

    @api.model
    def _compile(self, template):
        return self.env.context.get("compiled") or super()._compile(template)
