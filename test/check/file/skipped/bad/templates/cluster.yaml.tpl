apiVersion: v1
kind: Config
users:
%{ for user in users ~}
  - name: ${user}
%{ endfor ~}
