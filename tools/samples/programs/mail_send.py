# SPDX-License-Identifier: Apache-2.0
"""
Sends one mail with an attachment through a provider.
usage: NAME PORT GREETING SENDER RECIPIENT SUBJECT KILOBYTES TEXT [CA]   (CA: by STARTTLS)
"""
import email.message
import random
import smtplib
import ssl
import sys

name, port, greeting, sender, recipient, subject, kilobytes, text = sys.argv[1:9]
mail = email.message.EmailMessage()
mail["From"], mail["To"], mail["Subject"] = sender, recipient, subject
mail.set_content(text)
mail.add_attachment(random.randbytes(int(kilobytes) * 1024), maintype="application",
                    subtype="octet-stream", filename="log.zip")
with smtplib.SMTP(name, int(port), local_hostname=greeting, timeout=15) as server:
    if len(sys.argv) > 9:
        server.starttls(context=ssl.create_default_context(cafile=sys.argv[9]))
    server.login(sender, "sample-only")
    server.send_message(mail)
