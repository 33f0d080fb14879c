#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Falco's published rules for CloudTrail and Kubernetes audit logs: each fires on a record that shows what it is about, says what it found, and is
silent on near misses, records with one thing changed. Rules and macros that are switched off as published are switched on by an override.
"""

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, os.environ["NP_SOURCE_ROOT"] + "/tests/support")
import tap  # noqa: E402
from records import OURS, call, ndjson, session, user  # noqa: E402

ROOT = {"type": "Root", "arn": f"arn:aws:iam::{OURS}:root", "accountId": OURS, "principalId": OURS}
EVE = user("eve", "AKIAEVE")
ADMIN = session("admin", "eve", "ASIAEVE")


# ---- CloudTrail: rule -> (hit, what to change for each near miss, output of the hit)


def changed(record, changes):
    """A copy with members set by dotted path; None takes the member away."""
    record = copy.deepcopy(record)
    for path, value in changes.items():
        *steps, last = path.split(".")
        place = record
        for step in steps:
            place = place[step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return record


def asked(api, /, **request):
    return call(api, EVE, requestParameters=request)


def login(by, mfa):
    return call("signin:ConsoleLogin", by, responseElements={"ConsoleLogin": "Success"}, additionalEventData={"MFAUsed": mfa})


FAILED = {"errorCode": "AccessDenied"}


def renamed(api):
    return {"name": api}


WHO = "(requesting user=eve, requesting IP=203.0.113.9, AWS region=us-east-1"
ACCESS_BLOCK = asked("s3:PutBucketPublicAccessBlock", bucketName="b", publicAccessBlock="",
                     PublicAccessBlockConfiguration={"RestrictPublicBuckets": False, "BlockPublicPolicy": True, "BlockPublicAcls": True, "IgnorePublicAcls": True})
INSTANCES = call("ec2:RunInstances", EVE, requestParameters={"availabilityZone": "us-east-1a"},
                 responseElements={"subnetId": "subnet-1", "reservationId": "r-1", "instancesSet": {"items": [{"instanceId": "i-1"}]}})

CLOUDTRAIL = {
    "All Cloudtrail Events": (asked("iam:ListUsers"), [], None),
    "Console Login Through Assume Role": (
        login(ADMIN, "No"),
        [FAILED, {"by": EVE}, {"responseElements.ConsoleLogin": "Failure"}, {"responseElements": None}, renamed("signin:CheckMfa")],
        "Detected a console login through Assume Role (principal=AROA:eve, assumedRole=arn:aws:sts::111122223333:assumed-role/admin/eve, "
        "requesting IP=203.0.113.9, AWS region=us-east-1)"),
    "Console Login Without MFA": (
        login(EVE, "No"),
        [FAILED, {"by": ADMIN}, {"additionalEventData.MFAUsed": "Yes"}, {"additionalEventData": None}, {"responseElements.ConsoleLogin": "Failure"},
         {"by": {"arn": "arn:aws:iam::1:user/x", "accountId": OURS}}],  # "!=" of a missing field is false
        "Detected a console login without MFA " + WHO + ")"),
    "Console Root Login Without MFA": (
        login(ROOT, "No"), [FAILED, {"by": EVE}, {"additionalEventData.MFAUsed": "Yes"}],
        "Detected a root console login without MFA. (requesting user=<NA>, requesting IP=203.0.113.9, AWS region=us-east-1)"),
    "Deactivate MFA for Root User": (
        call("iam:DeactivateMFADevice", ROOT, requestParameters={"userName": "AWS ROOT USER", "serialNumber": "arn:mfa"}),
        [FAILED, {"by": EVE}, {"requestParameters.userName": "eve"}],
        "Multi Factor Authentication configuration has been disabled for root (requesting user=<NA>, requesting IP=203.0.113.9, AWS region=us-east-1, "
        "MFA serial number=arn:mfa)"),
    "Create AWS user": (asked("iam:CreateUser", userName="mal"), [FAILED, renamed("iam:GetUser")],
                        "A new AWS user has been created " + WHO + ", new user created=mal)"),
    "Create Group": (asked("iam:CreateGroup", groupName="g"), [FAILED, renamed("iam:GetGroup")], "A new user group has been created. " + WHO + ", group name=g)"),
    "Delete Group": (asked("iam:DeleteGroup", groupName="g"), [FAILED, renamed("iam:CreateGroup")], "A user group has been deleted. " + WHO + ", group name=g)"),
    "ECS Service Created": (
        asked("ecs:CreateService", cluster="c", serviceName="s", taskDefinition="t"), [FAILED, renamed("apprunner:CreateService")],
        "A new service has been created in ECS " + WHO + ", cluster=c, service name=s, task definition=t)"),
    "ECS Task Run or Started": (
        asked("ecs:StartTask", cluster="c", taskDefinition="t"), [FAILED, renamed("batch:StartTask"), renamed("ecs:StopTask")],
        "A new task has been started in ECS " + WHO + ", cluster=c, task definition=t)"),
    "Create Lambda Function": (asked("lambda:CreateFunction20150331", functionName="f"), [FAILED, renamed("lambda:CreateFunction20150331v2")],
                               "Lambda function has been created. " + WHO + ", lambda function=f)"),
    "Update Lambda Function Code": (asked("lambda:UpdateFunctionCode20150331v2", functionName="f"), [FAILED, renamed("lambda:UpdateFunctionCode20150331")],
                                    "The code of a Lambda function has been updated. " + WHO + ", lambda function=f)"),
    "Update Lambda Function Configuration": (
        asked("lambda:UpdateFunctionConfiguration20150331v2", functionName="f"), [FAILED, renamed("lambda:UpdateFunctionCode20150331v2")],
        "The configuration of a Lambda function has been updated. " + WHO + ", lambda function=f)"),
    "Run Instances": (INSTANCES, [FAILED, renamed("ec2:StartInstances")],
                      "A number of instances have been launched. " + WHO + ", availability zone=us-east-1a, subnet id=subnet-1, reservation id=r-1)"),
    "Run Instances in Non-approved Region": (
        INSTANCES, [FAILED, {"awsRegion": "us-east-0"}],
        "A number of instances have been launched in a non-approved region. " + WHO + ", availability zone=us-east-1a, subnet id=subnet-1, reservation id=r-1, "
        "image id=i-1)"),
    "Delete Bucket Encryption": (asked("s3:DeleteBucketEncryption", bucketName="b"), [FAILED, renamed("s3:PutBucketEncryption")],
                                 "A encryption configuration for a bucket has been deleted " + WHO + ", bucket=b)"),
    "Delete Bucket Public Access Block": (
        ACCESS_BLOCK,
        [FAILED, {"requestParameters.PublicAccessBlockConfiguration.RestrictPublicBuckets": True}, {"requestParameters.publicAccessBlock": None},
         {"requestParameters.publicAccessBlock": "x"}],
        "A public access block for a bucket has been deleted " + WHO + ", bucket=b)"),
    "List Buckets": (asked("s3:ListBuckets", Host="s3.amazonaws.com"), [FAILED, renamed("s3:ListObjects")],
                     "A list of all S3 buckets has been requested. " + WHO + ", host=s3.amazonaws.com)"),
    "Put Bucket ACL": (asked("s3:PutBucketAcl", bucketName="b"), [FAILED, renamed("s3:GetBucketAcl")],
                       "The permissions on an existing bucket have been set using access control lists. " + WHO + ", bucket name=b)"),
    "Put Bucket Policy": (asked("s3:PutBucketPolicy", bucketName="b", policy="p"), [FAILED, renamed("s3:GetBucketPolicy")],
                          "An Amazon S3 bucket policy has been applied to an Amazon S3 bucket. " + WHO + ", bucket name=b, policy=p)"),
    "CloudTrail Trail Created": (asked("cloudtrail:CreateTrail", name="t"), [FAILED, renamed("cloudtrail:UpdateTrail")],
                                 "A new trail has been created. " + WHO + ", trail name=t)"),
    "CloudTrail Logging Disabled": (asked("cloudtrail:StopLogging", name="t"), [FAILED, renamed("cloudtrail:StartLogging")],
                                    "The CloudTrail logging has been disabled. " + WHO + ", resource name=t)"),
}


# ---- Kubernetes: the same


def audit(verb, resource, code=201, **more):
    """An event of "resource" or "resource/subresource"; `more` has members of the event, and of its objectRef "name" and "namespace"."""
    kind, _, sub = resource.partition("/")
    target = {"resource": kind, "name": more.pop("name", "cart"), "namespace": more.pop("namespace", "shop"), **({"subresource": sub} if sub else {})}
    return {"kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": "RequestResponse", "stage": "ResponseComplete", "verb": verb,
            "requestURI": f"/api/v1/{kind}", "user": {"username": "minikube", "groups": ["system:masters"]}, "sourceIPs": ["203.0.113.9"], "objectRef": target,
            "responseStatus": {"code": code}, "responseObject": {"metadata": {"name": "cart-1"}},
            "annotations": {"authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": ""}, **more}


def pod(container=None, resource="pods", **spec):
    return audit("create", resource, requestObject={"spec": {"containers": [{"name": "c", "image": "nginx:1.2", **(container or {})}], **spec}})


def created(resource, **request):
    return audit("create", resource, requestObject=request)


EARLY = {"stage": "RequestReceived"}
IMAGE = "requestObject.spec.containers"
PRIVILEGED = {"securityContext": {"privileged": True}}
SUBRESOURCE = {"objectRef.subresource": "status"}


def trusted(image):
    return {IMAGE: [{"name": "c", "image": image, **PRIVILEGED}]}


def activity(verb, resource, label, misses=(), tail=""):
    """One of the rules that tell each creation and deletion."""
    event = audit(verb, resource, 201 if verb == "create" else 200)
    word = {"create": "Created", "delete": "Deleted"}[verb]
    namespace = "" if resource in ("namespaces", "clusterroles", "clusterrolebindings") else " ns=shop"
    output = f"K8s {label[0]} {word} (user=minikube {label[1]}=cart{namespace} resource={resource}{tail} resp={event['responseStatus']['code']} decision=allow reason=)"
    return event, [EARLY, {"verb": "update"}, {"objectRef.resource": "pods"}, {"responseStatus.code": 403}, {"responseStatus": None}, *misses], output


READS = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}


def role(**rule):
    return created("clusterroles", rules=[READS, {**READS, **rule}])


SYSTEM = {"user.username": "system:apiserver"}
NO_RULES, NO_SUBJECTS = " rules=<NA>", " subjects=<NA> role=<NA>"

K8S = {
    "Disallowed K8s User": (
        audit("list", "pods", 200, user={"username": "eve"}), [EARLY, {"user.username": "kubelet"}, {"user.username": "vpa-updater"}, {"user.username": "eks:authenticator"}, SYSTEM],
        "K8s Operation performed by user not in allowed list of users (user=eve target=cart/pods verb=list uri=/api/v1/pods resp=200)"),
    "Create Disallowed Pod": (pod(), [EARLY, SUBRESOURCE, {"verb": "update"}], "Pod started with container not in allowed list (user=minikube pod=cart-1 ns=shop images=(nginx:1.2))"),
    "Create Privileged Pod": (
        pod(PRIVILEGED), [EARLY, SUBRESOURCE, {IMAGE: [{"image": "nginx:1.2"}]}, {IMAGE: [{"image": "nginx:1.2", "securityContext": {"privileged": False}}]},
                          trusted("calico/node:v3"), {"requestObject": None}],
        "Pod started with privileged container (user=minikube pod=cart-1 resource=pods ns=shop images=(nginx:1.2) init_images=<NA> ephemeral_images=<NA>)"),
    "Create Sensitive Mount Pod": (
        pod(volumes=[{"name": "a", "emptyDir": {}}, {"name": "b", "hostPath": {"path": "/etc"}}]),
        [EARLY, {"requestObject.spec.volumes": [{"name": "b", "hostPath": {"path": "/etc/x"}}]}, {"requestObject.spec.volumes": None}, trusted("docker.io/consul")],
        'Pod started with sensitive mount (user=minikube pod=cart-1 ns=shop resource=pods images=(nginx:1.2) '
        'volumes=[{"name":"a","emptyDir":{}},{"name":"b","hostPath":{"path":"/etc"}}])'),
    "Create HostNetwork Pod": (
        pod(hostNetwork=True), [EARLY, {"requestObject.spec.hostNetwork": False}, {"requestObject.spec.hostNetwork": None}, trusted("gke.gcr.io/kube-proxy")],
        "Pod started using host network (user=minikube pod=cart-1 resource=pods ns=shop images=(nginx:1.2))"),
    "Create HostPid Pod": (pod(hostPID=True), [EARLY, {"requestObject.spec.hostPID": False}],
                           "Pod started using host pid namespace (user=minikube pod=cart-1 resource=pods ns=shop images=(nginx:1.2))"),
    "Create HostIPC Pod": (pod(hostIPC=True), [EARLY, {"requestObject.spec.hostIPC": False}],
                           "Pod started using host ipc namespace (user=minikube pod=cart-1 resource=pods ns=shop images=(nginx:1.2))"),
    "Create NodePort Service": (
        created("services", spec={"type": "NodePort", "ports": [{"port": 80}]}), [EARLY, {"requestObject.spec.type": "ClusterIP"}],
        'NodePort Service Created (user=minikube service=cart resource=services ns=shop ports=([{"port":80}]))'),
    "Create/Modify Configmap With Private Credentials": (
        created("configmaps", data={"a": "aws_access_key_id=AKIA"}), [EARLY, {"requestObject.data": {"a": "b"}}, {"verb": "delete"}, {"requestObject": None}],
        "K8s configmap with private credential (user=minikube verb=create resource=configmaps configmap=cart)"),
    "Anonymous Request Allowed": (
        audit("get", "pods", 200, user={"username": "system:anonymous"}),
        [EARLY, {"user.username": "eve"}, {"annotations.authorization.k8s.io/decision": None}, {"requestURI": "/healthz"}, {"requestURI": "/livez?verbose"}],
        "Request by anonymous user allowed (user=system:anonymous verb=get uri=/api/v1/pods reason=))"),
    "Attach/Exec Pod": (
        audit("get", "pods/exec", 101, stage="ResponseStarted", requestURI="/api/v1/namespaces/shop/pods/cart/exec?command=cat&command=%2Fetc%2Fpasswd"),
        [{"stage": "ResponseComplete"}, {"objectRef.subresource": "log"}, {"objectRef.subresource": None}, {"verb": "delete"}],
        "Attach/Exec to pod (user=minikube pod=cart resource=pods ns=shop action=exec command=cat)"),
    "port-forward": (audit("create", "pods/portforward", 101), [SUBRESOURCE, {"objectRef.subresource": None}],
                     "Portforward to pod (user=minikube pod=cart ns=shop action=portforward )"),
    "EphemeralContainers Created": (
        audit("patch", "pods/ephemeralcontainers", 200, requestObject={"ephemeralContainers": [{"name": "d", "image": "busybox"}]}),
        [EARLY, {"verb": "get"}, SUBRESOURCE],
        "Ephemeral container is created in pod (user=minikube pod=cart resource=pods ns=shop ephemeral_container_name=d ephemeral_container_image=busybox)"),
    "Create Disallowed Namespace": (created("namespaces"), [EARLY, {"objectRef.name": "default"}, {"verb": "delete"}],
                                    "Disallowed namespace created (user=minikube ns=cart resource=namespaces)"),
    "Pod Created in Kube Namespace": (
        changed(pod(), {"objectRef.namespace": "kube-system"}), [EARLY, {"objectRef.namespace": "shop"}, trusted("gke.gcr.io/kube-proxy")],
        "Pod created in kube namespace (user=minikube pod=cart-1 resource=pods ns=kube-system images=(nginx:1.2))"),
    "Service Account Created in Kube Namespace": (
        audit("create", "serviceaccounts", namespace="kube-public"), [EARLY, {"objectRef.namespace": "shop"}, {"objectRef.name": "coredns"}, {"responseStatus.code": 409}],
        "Service account created in kube namespace (user=minikube serviceaccount=cart resource=serviceaccounts ns=kube-public)"),
    "System ClusterRole Modified/Deleted": (
        audit("delete", "clusterroles", 200, name="system:node"), [EARLY, {"objectRef.name": "node"}, {"objectRef.name": "system:coredns"}, {"verb": "get"}],
        "System ClusterRole/Role modified or deleted (user=minikube role=system:node resource=clusterroles ns=shop action=delete)"),
    "Attach to cluster-admin Role": (
        created("clusterrolebindings", roleRef={"name": "cluster-admin"}, subjects=[{"kind": "User", "name": "eve"}]),
        [EARLY, {"requestObject.roleRef.name": "view"}, {"objectRef.resource": "rolebindings"}, {"requestObject": None}],
        'Cluster Role Binding to cluster-admin role (user=minikube subject=({"kind":"User","name":"eve"}))'),
    "ClusterRole With Wildcard Created": (
        role(verbs=["*"]), [EARLY, {"requestObject.rules": [READS]}, {"requestObject": None}],
        'Created Role/ClusterRole with wildcard (user=minikube role=cart resource=clusterroles '
        'rules=({"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]},{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}))'),
    "ClusterRole With Write Privileges Created": (role(verbs=["patch"]), [EARLY, {"requestObject.rules": [READS]}, {"verb": "update"}], None),
    "ClusterRole With Pod Exec Created": (role(resources=["pods/exec"]), [EARLY, {"requestObject.rules": [READS]}], None),
    "K8s Deployment Created": activity("create", "deployments", ("Deployment", "deployment")),
    "K8s Deployment Deleted": activity("delete", "deployments", ("Deployment", "deployment")),
    "K8s Service Created": activity("create", "services", ("Service", "service")),
    "K8s Service Deleted": activity("delete", "services", ("Service", "service")),
    "K8s ConfigMap Created": activity("create", "configmaps", ("ConfigMap", "configmap")),
    "K8s ConfigMap Deleted": activity("delete", "configmaps", ("ConfigMap", "configmap")),
    "K8s Namespace Created": activity("create", "namespaces", ("Namespace", "namespace")),
    "K8s Namespace Deleted": activity("delete", "namespaces", ("Namespace", "namespace"), [SYSTEM]),
    "K8s Serviceaccount Created": activity("create", "serviceaccounts", ("Serviceaccount", "serviceaccount")),
    "K8s Serviceaccount Deleted": activity("delete", "serviceaccounts", ("Serviceaccount", "serviceaccount")),
    "K8s Role Created": activity("create", "roles", ("Role", "role"), tail=NO_RULES),
    "K8s Role Deleted": activity("delete", "roles", ("Role", "role")),
    "K8s ClusterRole Created": activity("create", "clusterroles", ("ClusterRole", "role"), tail=NO_RULES),
    "K8s ClusterRole Deleted": activity("delete", "clusterroles", ("ClusterRole", "role")),
    "K8s RoleBinding Created": activity("create", "rolebindings", ("RoleBinding", "binding"), tail=NO_SUBJECTS),
    "K8s RoleBinding Deleted": activity("delete", "rolebindings", ("RoleBinding", "binding")),
    "K8s ClusterRoleBinding Created": activity("create", "clusterrolebindings", ("ClusterRoleBinding", "binding"), tail=NO_SUBJECTS),
    "K8s ClusterRoleBinding Deleted": activity("delete", "clusterrolebindings", ("ClusterRoleBinding", "binding")),
    "K8s Secret Created": activity("create", "secrets", ("Secret", "secret"), [SYSTEM, {"objectRef.namespace": "kube-system"}, {"objectRef.namespace": None}]),
    "K8s Secret Deleted": activity("delete", "secrets", ("Secret", "secret"), [SYSTEM, {"objectRef.namespace": "kube-system"}]),
    "K8s Secret Get Successfully": (audit("get", "secrets", 200), [EARLY, {"responseStatus.code": 403}, {"verb": "list"}],
                                    "K8s Secret Get Successfully (user=minikube secret=cart ns=shop resource=secrets resp=200 decision=allow reason=)"),
    "K8s Secret Get Unsuccessfully Tried": (audit("get", "secrets", 403), [EARLY, {"responseStatus.code": 200}, {"verb": "list"}],
                                            "K8s Secret Get Unsuccessfully Tried (user=minikube secret=cart ns=shop resource=secrets resp=403 decision=allow reason=)"),
    "All K8s Audit Events": (audit("get", "pods", 200), [EARLY], None),
    "Full K8s Administrative Access": (
        audit("get", "pods", 200, user={"username": "kubernetes-admin@kubernetes"}), [EARLY, {"user.username": "kubelet"}],
        "K8s Operation performed by full admin user (user=kubernetes-admin@kubernetes target=cart/pods verb=get uri=/api/v1/pods resp=200)"),
    "Ingress Object without TLS Certificate Created": (
        created("ingresses", spec={"rules": []}), [EARLY, {"requestObject.spec": {"tls": []}}, {"responseStatus.code": 422}],
        "K8s Ingress Without TLS Cert Created (user=minikube ingress=cart namespace=shop resource=ingresses)"),
    "Untrusted Node Successfully Joined the Cluster": (created("nodes"), [EARLY, {"responseStatus.code": 403}, {"verb": "get"}],
                                                       "Node not in allowed list successfully joined the cluster (user=minikube node=cart resource=nodes)"),
    "Untrusted Node Unsuccessfully Tried to Join the Cluster": (
        audit("create", "nodes", responseStatus={"code": 403, "reason": "Forbidden"}), [EARLY, {"responseStatus.code": 200}, {"verb": "get"}],
        "Node not in allowed list tried unsuccessfully to join the cluster  (user=minikube node=cart reason=Forbidden resource=nodes)"),
}

SWITCHED_ON = {
    "cloudtrail": "".join(f"- rule: {name}\n  enabled: true\n  override:\n    enabled: replace\n" for name in ("All Cloudtrail Events", "List Buckets")),
    "k8s": "".join(f"- macro: {macro}\n  condition: ({condition})\n  override:\n    condition: replace\n" for macro, condition in (
        ("allowed_k8s_containers", "k8s_audit_never_true"), ("consider_all_events", "k8s_audit_always_true"),
        ("allowed_full_admin_users", "k8s_audit_never_true"), ("allow_all_k8s_nodes", "k8s_audit_never_true"))),
}


# ---- running them


def stamped(number, event):
    second = f"2026-03-02T10:{number // 60 % 60:02}:{number % 60:02}.000000Z"
    return {**event, "auditID": f"event-{number}", "requestReceivedTimestamp": second, "stageTimestamp": second}


def annotated(event, changes):
    """changed(), for annotations, whose names have dots."""
    name = "annotations.authorization.k8s.io/decision"
    if name in changes:
        return {**event, "annotations": {"authorization.k8s.io/reason": ""}}
    return changed(event, changes)


def write_cloudtrail(records):
    return ndjson(records)


def write_k8s(records):
    return "".join(json.dumps(stamped(number, event)) + "\n" for number, event in enumerate(records))


def alerts_of(rules, switched_on, log, identity):
    """(rule, id of the event) -> alert."""
    command = [os.environ["NEPHO"], "detect", log, "--no-default-rules", "--rule-matching", "all", "--append-fields", identity, "-o", "falco"]
    run = subprocess.run([*command, "-r", rules, "-r", switched_on], stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False)
    tap.check(f"{rules.name} runs", run.returncode == 0, run.returncode, run.stderr)
    return {(alert["rule"], alert["output_fields"][identity]): alert for alert in map(json.loads, run.stdout.splitlines())}


def check_source(name, file, cases, write, identity, source):
    """Every record is asked about the rule of its own case only: others may be true of it, too."""
    records, expected = [], []
    for rule, (hit, misses, output) in cases.items():
        expected += [(rule, True, None, output)] + [(rule, False, miss, None) for miss in misses]
        records += [hit] + [annotated(hit, miss) for miss in misses]
    log, switched_on = Path(f"{name}.jsonl"), Path(f"{name}.yaml")
    log.write_text(write(records), encoding="utf-8")
    switched_on.write_text(SWITCHED_ON[name], encoding="utf-8")
    alerts = alerts_of(file, switched_on, log, identity)
    names = re.findall(r"^- rule: (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    tap.check(f"{name}: every rule has a case", sorted(names) == sorted(cases), set(names) ^ set(cases))
    for number, (rule, is_hit, miss, output) in enumerate(expected):
        alert = alerts.get((rule, f"event-{number}"))
        tap.check(f"{name}: {rule}" + ("" if is_hit else f", but {miss}"), (alert is not None) == is_hit, records[number])
        if alert and is_hit:
            said = re.sub(r"^\S+: \w+ ", "", alert["output"])
            tap.check(f"{name}: {rule} says so", alert["source"] == source and output in (None, said), said, output)


def main():
    if tap.data_folder() is None:
        tap.skip("Falco's rules for logs", "NEPHO_TEST_DATA is not set")
        tap.done()
    rules = Path(tap.data_folder(), "rules", "falco-plugins")
    check_source("cloudtrail", rules / "aws_cloudtrail_rules.yaml", CLOUDTRAIL, write_cloudtrail, "ct.id", "aws_cloudtrail")
    check_source("k8s", rules / "k8s_audit_rules.yaml", K8S, write_k8s, "ka.auditid", "k8s_audit")
    tap.done()


main()
