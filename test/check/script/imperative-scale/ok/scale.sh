kubectl scale deployment/api --replicas=0
kubectl scale deployment/elsewhere --replicas=3
kubectl get deployment api
kubectl scale deployment/api --replicas=3
