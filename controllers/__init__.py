from . import payment, whatsapp
