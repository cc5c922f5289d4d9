#!/bin/bash
# The walk by hand, as the unmodified AWS CLI takes it: a template is deployed on the lab, its user replaces
# its own access key, and the old key is refused in AWS's words.
#
#   walk.sh KEYTIDE AWS      AWS: the AWS CLI's program, or "v1" for the first of that version in PATH
#
# Prints "ok" or "FAILED" for each expectation, never a secret; they stay out of every command line, too.
# Exit code 77: "v1" was asked for and is not here.
set -u -o pipefail

keytide=$1
aws=$2
if [[ $aws == v1 ]]; then
  aws=
  while read -r candidate; do
    if [[ $("$candidate" --version 2>&1) == aws-cli/1* ]]; then aws=$candidate && break; fi
  done < <(type -ap aws | sort -u)
  if [[ -z $aws ]]; then
    echo 'SKIP: no AWS CLI v1 in PATH: the walk was not taken with it' >&2
    exit 77
  fi
fi
version=$("$aws" --version 2>&1) || { echo "FAILED $aws does not run: $version" && exit 1; }
major=${version#aws-cli/}
major=${major%%.*}
echo "walking with $version"

template=$(dirname "$(realpath "$0")")/iam.yaml
stack=IAM-User-Sample-Stack
user=accesskey-rotate-sample-user
bucket=keytide-walk-bucket
folder=$(mktemp -d) || exit 1
failures=0
lab=

finish() {
  if [[ -n $lab ]]; then kill -KILL "$lab" && wait "$lab"; fi 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT

# Nobody's own configuration takes part.
unset "${!AWS_@}" "${!XDG_@}" http_proxy https_proxy HTTP_PROXY HTTPS_PROXY all_proxy ALL_PROXY
mkdir "$folder/home"
export HOME=$folder/home AWS_EC2_METADATA_DISABLED=true AWS_PAGER="" LC_ALL=C.UTF-8

ok() { echo "ok $1"; }
failed() {
  echo "FAILED $1: $2"
  failures=$((failures + 1))
}
equal() {  # WHAT EXPECTED ACTUAL
  if [[ $3 == "$2" ]]; then ok "$1"; else failed "$1" "$(printf 'expected %q, got %q' "$2" "$3")"; fi
}

# as WHO ARGUMENTS...: calls AWS with that key; leaves status, out and err. `out` may hold a new key.
as() {
  local id=${1}_id secret=${1}_secret
  (
    export AWS_ACCESS_KEY_ID=${!id} AWS_SECRET_ACCESS_KEY=${!secret}
    exec "$aws" --endpoint-url "$endpoint" "${@:2}"
  ) >"$folder/out" 2>"$folder/err" </dev/null
  status=$?
  out=$(<"$folder/out")
  err=$(<"$folder/err")
}

works() {  # WHAT WHO ARGUMENTS...
  as "${@:2}"
  if [[ $status == 0 ]]; then ok "$1"; else failed "$1" "exit $status: $err"; fi
}

answers() {  # WHAT EXPECTED WHO ARGUMENTS...
  as "${@:3}"
  if [[ $status == 0 ]]; then equal "$1" "$2" "$out"; else failed "$1" "exit $status: $err"; fi
}

# Refused with exactly these words, after what the CLI itself puts before an error.
refused() {  # WHAT ERROR WHO ARGUMENTS...
  as "${@:3}"
  if [[ $status == 0 ]]; then failed "$1" "it was not refused"; else equal "$1" "$before_errors$2" "$err"; fi
}

error() { echo "An error occurred ($1) when calling the $2 operation: $3"; }

denied() {  # ACTION ON
  error AccessDenied "${1#iam:}" "User: arn:aws:iam::123456789012:user/$user is not authorized to perform: $1 on resource: $2 because no identity-based policy allows the $1 action"
}

# New keys go from the CLI's output into variables, and nowhere else.
new_key() {  # WHAT NAME WHO
  as "$3" iam create-access-key --user-name "$user" --output text \
    --query '[AccessKey.AccessKeyId, AccessKey.SecretAccessKey]'
  if [[ $status != 0 ]]; then failed "$1" "exit $status: $err" && return; fi
  read -r "${2}_id" "${2}_secret" <<<"$out"
  local id=${2}_id
  if [[ ${!id} =~ ^AKIA[A-Z2-7]{16}$ ]]; then ok "$1"; else failed "$1" "a strange access key id: ${!id}"; fi
}

# The lab, which says so on its standard output once it answers and the file is there.
env_file=$folder/lab.env
coproc LAB { exec "$keytide" lab --listen 127.0.0.1:0 --env-file "$env_file" 2>"$folder/lab.err"; }
lab=$LAB_PID
if ! read -r -t 60 <&"${LAB[0]}"; then
  echo "FAILED the lab does not start: $(<"$folder/lab.err")"
  exit 1
fi
equal "the file of the lab's key is its owner's alone" 600 "$(stat -c %a "$env_file")"
equal "it exports five variables" \
  "AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION KEYTIDE_LAB_TOKEN" \
  "$(sed -nE 's/^export ([A-Z_]+)=.*/\1/p' "$env_file" | paste -sd ' ')"
. "$env_file"
endpoint=$AWS_ENDPOINT_URL root_id=$AWS_ACCESS_KEY_ID root_secret=$AWS_SECRET_ACCESS_KEY
unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

# Both begin an error with an empty line; later ones of both have said their name as well.
as root iam get-user --user-name nobody
before_errors=${err%%An error occurred*}
case $before_errors in
  $'\n' | '' | 'aws: [ERROR]: ' | $'\naws: [ERROR]: ') ok "an error begins as AWS CLI v$major begins it" ;;
  *) failed "an error begins as AWS CLI v$major begins it" "$(printf '%q' "$err")" ;;
esac

# 1
deploy=(cloudformation deploy --template-file "$template" --stack-name "$stack")
refused "1 deploy without the capability is refused" \
  "$(error InsufficientCapabilitiesException CreateChangeSet 'Requires capabilities : [CAPABILITY_NAMED_IAM]')" \
  root "${deploy[@]}"
answers "1 nothing is left of it" 0 root cloudformation describe-stacks --query 'length(Stacks)'
deploy+=(--capabilities CAPABILITY_NAMED_IAM)
works "1 deploy" root "${deploy[@]}"
equal "1 deploy says so" "Successfully created/updated stack - $stack" "$(tail -n 1 <<<"$out")"
answers "1 describe-stacks" $'CREATE_COMPLETE\tIAM User Sample\tCAPABILITY_NAMED_IAM' \
  root cloudformation describe-stacks --stack-name "$stack" --output text \
  --query 'Stacks[].[StackStatus, Description, Capabilities[0]]'
answers "1 describe-stack-resources" \
  $'User\tAWS::IAM::User\tCREATE_COMPLETE\nUserPoricy\tAWS::IAM::Policy\tCREATE_COMPLETE' \
  root cloudformation describe-stack-resources --stack-name "$stack" --output text \
  --query 'StackResources[].[LogicalResourceId, ResourceType, ResourceStatus]'
answers "1 describe-stack-events, the newest first" \
  $'IAM-User-Sample-Stack\tCREATE_COMPLETE\nUserPoricy\tCREATE_COMPLETE\nUser\tCREATE_COMPLETE' \
  root cloudformation describe-stack-events --stack-name "$stack" --output text \
  --query "StackEvents[?ResourceStatus=='CREATE_COMPLETE'].[LogicalResourceId, ResourceStatus]"
as root "${deploy[@]}"
equal "1 the same template again changes nothing" \
  "No changes to deploy. Stack $stack is up to date" "$(grep 'No changes' <<<"$out$err")"

# 2
answers "2 make a bucket" "make_bucket: $bucket" root s3 mb "s3://$bucket"
new_key "2 the first key" first root

# 3
as first s3 ls
equal "3 the first key lists the bucket" "$bucket" "${out##* }"
refused "3 it may not list keys" "$(denied iam:ListAccessKeys "user $user")" first iam list-access-keys
works "3 another user" root iam create-user --user-name somebody-else
refused "3 it may not create keys for another user" "$(denied iam:CreateAccessKey 'user somebody-else')" \
  first iam create-access-key --user-name somebody-else

# 4
new_key "4 the second key" second first
refused "4 there is no third" \
  "$(error LimitExceeded CreateAccessKey 'Cannot exceed quota for AccessKeysPerUser: 2')" \
  first iam create-access-key --user-name "$user"

# 5
as second s3 ls
equal "5 the second key lists the bucket" "$bucket" "${out##* }"
works "5 it deletes the first" second iam delete-access-key --access-key-id "$first_id" --user-name "$user"

# 6
refused "6 the first key is gone, in the words that S3 has for it" \
  "$(error InvalidAccessKeyId ListBuckets 'The AWS Access Key Id you provided does not exist in our records.')" \
  first s3 ls
refused "6 and in those that STS has for it" \
  "$(error InvalidClientTokenId GetCallerIdentity 'The security token included in the request is invalid.')" \
  first sts get-caller-identity

# The way back.
works "delete-stack while the user has a key" root cloudformation delete-stack --stack-name "$stack"
answers "it failed" DELETE_FAILED root cloudformation describe-stacks --stack-name "$stack" --output text \
  --query 'Stacks[].StackStatus'
as root cloudformation describe-stack-events --stack-name "$stack" --output text \
  --query "StackEvents[?ResourceStatus=='DELETE_FAILED' && LogicalResourceId=='User'].ResourceStatusReason"
if [[ $out == *'Cannot delete entity, must delete access keys first.'* ]]; then
  ok "and says why"
else
  failed "and says why" "$out$err"
fi
works "delete the second key" root iam delete-access-key --access-key-id "$second_id" --user-name "$user"
answers "remove the bucket" "remove_bucket: $bucket" root s3 rb "s3://$bucket"
works "delete-stack" root cloudformation delete-stack --stack-name "$stack"
works "wait stack-delete-complete" root cloudformation wait stack-delete-complete --stack-name "$stack"
refused "the stack is gone" \
  "$(error ValidationError DescribeStacks "Stack with id $stack does not exist")" \
  root cloudformation describe-stacks --stack-name "$stack"

kill -TERM "$lab"
wait "$lab"
equal "SIGTERM ends the lab cleanly" 0 $?
lab=

echo "$failures failures"
((failures == 0))
