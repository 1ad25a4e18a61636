"""The only writers of editions in the making: each checks, writes, notes it and mails at once."""
