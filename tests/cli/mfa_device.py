"""A virtual MFA device of one of the lab's users, and the policy that lets nobody call IAM without one."""
import base64
import hashlib
import hmac
import re
import struct
import time
import urllib.request

ONLY_WITH_MFA = {"Effect": "Deny", "Action": "iam:*", "Resource": "*",
                 "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}


def totp(seed, seconds):
    """RFC 6238, as people's apps compute it."""
    digest = hmac.new(base64.b32decode(seed), struct.pack(">Q", int(seconds) // 30), hashlib.sha1).digest()
    return f"{(struct.unpack('>I', digest[digest[19] & 15:][:4])[0] & 0x7FFFFFFF) % 1000000:06}"


class MfaDevice:
    def __init__(self, lab, user):
        self.lab = lab
        self.ahead = None  # seconds that the lab's clock is ahead of ours; nothing: no code was shown
        iam = lab.client("iam")
        made = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]
        self.serial, self.seed = made["SerialNumber"], made["Base32StringSeed"].decode()
        iam.enable_mfa_device(UserName=user, SerialNumber=self.serial, AuthenticationCode1=totp(self.seed, time.time() - 90),
                              AuthenticationCode2=totp(self.seed, time.time() - 60))

    def show(self):
        """The code of now; after the first, of half a minute later, since each is taken once: the lab's clock goes on, and
        nobody waits."""
        if self.ahead is None:
            self.ahead = 0
        else:
            self.ahead += 30
            token = re.search(r"^export KEYTIDE_LAB_TOKEN='(.*)'$", self.lab.env_file.read_text(), re.M)[1]
            urllib.request.urlopen(urllib.request.Request(
                self.lab.endpoint + "/_lab/clock", data=b'{"advance": "30s"}',
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})).close()
        return totp(self.seed, time.time() + self.ahead)
