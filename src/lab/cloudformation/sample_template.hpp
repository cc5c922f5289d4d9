// The template that the tests deploy: a user who may list buckets and replace its own access keys.
#pragma once

#include <string_view>

namespace keytide::lab::cloudformation {

inline constexpr std::string_view sample_template = R"(AWSTemplateFormatVersion: 2010-09-09
Description: IAM User Sample
Resources:
  User:
    Type: AWS::IAM::User
    Properties:
      UserName: accesskey-rotate-sample-user
  UserPoricy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: accesskey-rotate-sample-user-policy
      PolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action:
              - s3:ListBuckets
              - s3:ListAllMyBuckets
            Resource: "*"
          - Effect: Allow
            Action:
              - iam:CreateAccessKey
              - iam:DeleteAccessKey
            Resource: !GetAtt User.Arn
      Users:
        - !Ref User
)";

inline constexpr std::string_view sample_template_json = R"({
  "AWSTemplateFormatVersion": "2010-09-09",
  "Description": "IAM User Sample",
  "Resources": {
    "User": {
      "Type": "AWS::IAM::User",
      "Properties": {"UserName": "accesskey-rotate-sample-user"}
    },
    "UserPoricy": {
      "Type": "AWS::IAM::Policy",
      "Properties": {
        "PolicyName": "accesskey-rotate-sample-user-policy",
        "PolicyDocument": {
          "Version": "2012-10-17",
          "Statement": [
            {"Effect": "Allow", "Action": ["s3:ListBuckets", "s3:ListAllMyBuckets"], "Resource": "*"},
            {"Effect": "Allow", "Action": ["iam:CreateAccessKey", "iam:DeleteAccessKey"],
             "Resource": {"Fn::GetAtt": ["User", "Arn"]}}
          ]
        },
        "Users": [{"Ref": "User"}]
      }
    }
  }
}
)";

}  // namespace keytide::lab::cloudformation
