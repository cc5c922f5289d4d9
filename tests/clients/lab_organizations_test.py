#!/usr/bin/python3
"""The lab's Organizations before botocore: several accounts are one organization, and the first one manages it."""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cli"))

import botocore.exceptions

from stage import Stage, main

ACCOUNTS = ["123456789012", *(f"2000000000{n:02}" for n in range(30))]


class Organization(Stage):
    lab_options = [word for id in ACCOUNTS for word in ("--account", id)]

    def refusal(self, key, **asked):
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            self.lab.client("organizations", key).list_accounts(**asked)
        return refused.exception.response["Error"]

    def test_the_managing_account_lists_all_page_by_page(self):
        pages = list(self.lab.client("organizations").get_paginator("list_accounts").paginate())
        self.assertEqual([len(p["Accounts"]) for p in pages], [20, 11])
        accounts = [a for p in pages for a in p["Accounts"]]
        self.assertEqual([a["Id"] for a in accounts], ACCOUNTS)
        self.assertEqual({a["Status"] for a in accounts}, {"ACTIVE"})
        for account in accounts:
            self.assertRegex(account["Arn"], r"^arn:aws:organizations::123456789012:account/o-[a-z0-9]{10,32}/" + account["Id"] + "$")

    def test_whoever_may_not_is_refused(self):
        self.assertEqual(self.refusal(self.old)["Code"], "AccessDeniedException")
        other = self.roots()[ACCOUNTS[1]]
        self.assertEqual(self.refusal(other), {"Code": "AccessDeniedException", "Message": "You don't have permissions to access this resource."})
        self.allow("bob", {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "organizations:ListAccounts", "Resource": "*"}})
        self.assertEqual(len(self.lab.client("organizations", self.old).list_accounts()["Accounts"]), 20)
        self.assertEqual(self.refusal(None, NextToken="none of ours")["Code"], "InvalidInputException")

    def roots(self):
        """The keys of the other accounts' root users, as the lab wrote them."""
        text = self.lab.env_file.read_text()
        ids = dict(re.findall(r"^export AWS_ACCESS_KEY_ID_(\d+)='?([^'\n]*)'?$", text, re.M))
        secrets = dict(re.findall(r"^export AWS_SECRET_ACCESS_KEY_(\d+)='?([^'\n]*)'?$", text, re.M))
        return {account: (ids[account], secrets[account]) for account in ids}


class Alone(Stage):
    def test_an_account_alone_is_in_no_organization(self):
        with self.assertRaises(botocore.exceptions.ClientError) as refused:
            self.lab.client("organizations").list_accounts()
        self.assertEqual(refused.exception.response["Error"]["Code"], "AWSOrganizationsNotInUseException")


if __name__ == "__main__":
    main()
